@task_4_2
Feature: Task 4.2 Get an AI agent access token
  The AI agent exchanges the end user's access token for its own and acts on that user's behalf.

  Rule: Step 1 - exchange the end user's access token

    @OBO-4.2X-01
    Scenario: The documented request is granted
      Given the documented exchange request
      When it is sent
      Then the exchange succeeds

    @OBO-4.2X-02
    Scenario: The answer has the members of an exchange
      Given the documented exchange request
      When it is sent
      Then it is a token response to a token exchange

    @OBO-4.2X-03
    Scenario Outline: No usable refresh token comes with the exchange for "<scope>"
      Given the documented exchange request
      When it is sent for the scope "<scope>"
      And whatever refresh token came is used
      Then no usable refresh token was issued
      And the documented exchange request is granted

      Examples:
        | scope                    |
        | read-data                |
        | read-data offline_access |

    @OBO-4.2X-04
    Scenario Outline: The answer names the scope granted to <agent>: "<scope>"
      Given the end user's access token for "openid read-data write-data admin-action"
      When <agent> exchanges it for "<scope>" at the application
      Then the exchange is granted as a control
      And answer, introspection and JWT name the same scope

      Examples:
        | agent        | scope     |
        | the AI agent | read-data |

      @if_administrable
      Examples:
        | agent               | scope                |
        | the second AI agent | read-data write-data |

    @OBO-4.2X-04
    Scenario: The answer names the scope granted where less is granted than asked for
      Given the end user's access token for "openid read-data write-data admin-action"
      When the AI agent exchanges it for "read-data write-data" at the application
      Then answer, introspection and JWT name the same scope
      When the AI agent exchanges it for "read-data" at the application
      Then the exchange is granted as a control

    @OBO-4.2X-05
    Scenario Outline: No token without a subject token: <value>
      Given the documented exchange request
      When it is sent with "subject_token" <value>
      Then the exchange is refused
      And the documented exchange request is granted

      Examples:
        | value   |
        | absent  |
        | ""      |
        | "   "   |
        | "foo"   |
        | "a.b.c" |
        | "null"  |

    @OBO-4.2X-05
    Scenario: The user's identifier is no subject token
      Given the documented exchange request
      When it is sent with the user's identifier as subject token
      Then the exchange is refused
      And the documented exchange request is granted

    @OBO-4.2X-06
    Scenario Outline: subject_token_type <value> is refused
      Given the documented exchange request
      When it is sent with "subject_token_type" <value>
      Then the exchange is refused
      And the documented exchange request is granted

      Examples:
        | value                                            |
        | absent                                           |
        | "WRONG"                                          |
        | "urn:ietf:params:oauth:token-type:saml2"         |
        | "urn:ietf:params:oauth:token-type:refresh_token" |
        | "urn:ietf:params:oauth:token-type:id_token"      |

    @OBO-4.2X-06
    Scenario Outline: requested_token_type <value> is refused
      Given the documented exchange request
      When it is sent with "requested_token_type" <value>
      Then the exchange is refused
      And the documented exchange request is granted

      Examples:
        | value                                            |
        | "urn:ietf:params:oauth:token-type:refresh_token" |
        | "urn:ietf:params:oauth:token-type:saml2"         |
        | "WRONG"                                          |

    @OBO-4.2X-06
    Scenario: requested_token_type access_token is accepted
      Given the documented exchange request
      When it is sent
      Then the exchange is granted as a control
      When it is sent with "requested_token_type" "urn:ietf:params:oauth:token-type:access_token"
      Then the exchange is granted

    @OBO-4.2X-06
    Scenario Outline: requested_token_type <value> is refused, or the answer says so
      Given the documented exchange request
      When it is sent with "requested_token_type" <value>
      Then it is refused, or the answer says that it is <value>
      And the documented exchange request is granted

      Examples:
        | value                                       |
        | "urn:ietf:params:oauth:token-type:jwt"      |
        | "urn:ietf:params:oauth:token-type:id_token" |

    @OBO-4.2X-07
    Scenario Outline: "scope" <value> gives no more than the privilege allows
      Given the documented exchange request
      When it is sent with "scope" <value>
      Then it is refused, or the scope is within the agent's permissions
      And the documented exchange request is granted

      Examples:
        | value  |
        | absent |
        | ""     |

    @OBO-4.2X-07
    Scenario Outline: "audience" <value> gives no more than the privilege allows
      Given the documented exchange request
      When it is sent with "audience" <value>
      Then it is refused, or the token is for no application beyond the agent's privileges
      And the documented exchange request is granted

      Examples:
        | value  |
        | absent |
        | ""     |

    @OBO-4.2X-07
    Scenario: Without scope and audience the agent gets no more than the privilege allows
      Given the documented exchange request
      When it is sent without scope and audience
      Then it is refused, or the token is for no application beyond the agent's privileges
      And the documented exchange request is granted

    @OBO-4.2X-07 @if_administrable
    Scenario: Without an audience an AI agent without a privilege gets nothing
      Given the documented exchange request
      When an AI agent without a privilege sends it without an audience
      Then it is refused, or the token is good for nothing
      And the documented exchange request is granted

    @OBO-4.2X-07 @if_administrable
    Scenario: Without an audience nothing is granted for a user who is not covered
      Given the documented exchange request
      When it is sent without an audience for a user who is not covered
      Then it is refused, or the token is good for nothing
      And the documented exchange request is granted

    @OBO-4.2X-08
    Scenario: A user's token can be exchanged again and stays what it was
      Given the end user's access token for "openid read-data"
      When the application introspects it before, and again after two exchanges by the AI agent
      Then the two agent tokens differ and both are active
      And the user's token is what it was before

  Rule: Step 2 - introspect the AI agent's access token

    Background:
      Given the end user's access token for "openid read-data write-data"
      And the AI agent's access token for "read-data", exchanged from it

    @OBO-4.2I-01
    Scenario: The AI agent can introspect its token
      When the AI agent introspects its token
      And the application introspects the agent's token
      Then the agent's token is active for the AI agent

    @OBO-4.2I-02
    Scenario: "sub" of the agent's token is still the end user
      When the agent's token is introspected
      And the application introspects the user's token
      Then "sub" is the same in both, to the byte

    @OBO-4.2I-02 @if_administrable
    Scenario: "sub" of the agent's token is the end user's UUID
      When the agent's token is introspected
      Then "sub" of the agent's token is the end user's UUID

    @OBO-4.2I-03
    Scenario: "act" of the agent's token names the AI agent
      When the agent's token is introspected
      Then "act.sub" is the AI agent

    @OBO-4.2I-03 @if_administrable
    Scenario: Each AI agent is named in the token that it exchanged
      When the second AI agent exchanges the same token, and its own is introspected
      Then "act.sub" is the second AI agent

    @OBO-4.2I-04
    Scenario: "act" of the agent's token names nobody else
      When the agent's token is introspected
      Then "act.sub" is neither the application nor the user nor another agent
      And there is no earlier actor

    @OBO-4.2I-05
    Scenario: "scope" of the agent's token is what the exchange granted
      When the agent's token is introspected
      Then "scope" is "read-data" and nothing of the user's token

    @OBO-4.2I-06
    Scenario: "client_id" of the agent's token is the agent's, the user members stay the user's
      When the agent's token is introspected
      And the application introspects the user's token
      Then "client_id" is the AI agent
      And the user members are those of the user's token

    @OBO-4.2I-07
    Scenario: Issuer and expiry are consistent
      When the agent's token is introspected
      And the application introspects the user's token
      Then "iss" is the same in both
      And "exp" fits the lifetime that the exchange announced

    @OBO-4.2I-08
    Scenario: The application sees the same as the agent
      When the agent's token is introspected
      And the application introspects the agent's token
      Then the application sees the same user, actor, scope and client
