@task_4_1
Feature: Task 4.1 Get an end user access token
  The application logs the end user in and receives a token that represents that user.

  Rule: Step 1 - the end user's account

    @OBO-4.1T-07
    Scenario: An inactive user gets no token
      Given a user of its own who can log in
      When the administrator makes that user inactive
      Then that user gets no token
      And that user gets a token once active again

  Rule: Step 2 - get an access token for the end user

    @OBO-4.1T-01
    Scenario: The documented request gives a token response
      Given the documented password request
      When it is sent
      Then it is a token response to the password grant

    @OBO-4.1T-02
    Scenario Outline: The scope "<scope>" is granted as asked
      When the application asks for the end user's token with "<scope>"
      Then exactly "<scope>" is granted

      Examples:
        | scope                                    |
        | openid                                   |
        | read-data                                |
        | openid read-data                         |
        | openid read-data write-data admin-action |
        | admin-action write-data read-data openid |

    @OBO-4.1T-03
    Scenario: A scope that is not assigned to the application is not granted
      When the application asks for the end user's token with "openid not-assigned"
      Then "not-assigned" is not granted
      When the application asks for the end user's token with "openid"
      Then the password grant succeeds as a control

    @OBO-4.1T-04
    Scenario: A wrong password and an unknown user are refused alike
      Given the documented password request
      When it is sent with a wrong password
      And it is sent with an unknown user
      And it is sent with an empty password
      Then each of these log-ins is refused
      And the wrong password and the unknown user should not be told apart
      And the documented password request is granted

    @OBO-4.1T-05
    Scenario Outline: <client> is refused before the user's password is looked at
      Given the documented password request
      When it is sent with <client> and with the right and a wrong user password
      Then the client is refused in the same way both times
      And the documented password request is granted

      Examples:
        | client            |
        | a wrong secret    |
        | an unknown client |
        | no client secret  |

    @OBO-4.1T-06
    Scenario Outline: A password request with grant_type <grant_type> is refused
      Given the documented password request
      When it is sent with "grant_type" <grant_type>
      Then the request is refused for its grant type <grant_type>
      And the documented password request is granted

      Examples:
        | grant_type |
        | absent     |
        | ""         |
        | "PASSWORD" |
        | "passwor"  |

    @OBO-4.1T-06
    Scenario Outline: An exchange request with grant_type <grant_type> is refused
      Given the documented exchange request
      When it is sent with "grant_type" <grant_type>
      Then the request is refused for its grant type <grant_type>
      And the documented exchange request is granted

      Examples:
        | grant_type                                         |
        | absent                                             |
        | ""                                                 |
        | "token-exchange"                                   |
        | "token_exchange"                                   |
        | "URN:IETF:PARAMS:OAUTH:GRANT-TYPE:TOKEN-EXCHANGE"  |
        | "urn:ietf:params:oauth:grant-type:token-exchange " |
        | "urn:ietf:params:oauth:grant-type:token"           |
        | "urn:ietf:params:oauth:grant-type:token_exchange"  |

    @OBO-4.1T-08
    Scenario Outline: The user's refresh token is useless to <client>
      Given a refresh token that the application received with the end user's token
      When <client> uses the refresh token
      Then the refresh token is refused
      And the application can still use the refresh token

      Examples:
        | client                 |
        | the AI agent           |
        | the second application |

    @OBO-4.1T-08 @if_administrable
    Scenario: The user's refresh token is useless to an AI agent that may refresh tokens
      Given a refresh token that the application received with the end user's token
      And an AI agent of its own that may refresh tokens
      When the AI agent of its own uses the refresh token
      Then the refresh token is refused
      And the application can still use the refresh token

  Rule: Step 3 - introspect the end user's access token

    @OBO-4.1I-01
    Scenario: The application can introspect the user's token
      Given the end user's access token for "openid"
      When the application introspects it
      Then the token is active

    @OBO-4.1I-02 @if_administrable
    Scenario: "sub" of the user's token is the UUID of the user's record
      Given the end user's access token for "openid"
      When the application introspects it
      Then "sub" is the end user's UUID
      And the user's token has no "act"

    @OBO-4.1I-02
    Scenario: "sub" of the user's token is a stable identifier of the end user
      Given the end user has two access tokens, and a second user has one
      When the application introspects all three
      Then "sub" identifies the user over both log-ins and differs between the users
      And no token of a user has "act"

    @OBO-4.1I-03
    Scenario Outline: "scope" of the user's token is what was granted: "<scope>"
      When the application asks for the end user's token with "<scope>"
      And it introspects that token
      Then "scope" is a string that names what the token response granted

      Examples:
        | scope                                    |
        | openid                                   |
        | openid read-data write-data admin-action |

    @OBO-4.1I-04
    Scenario: Client, realm and user members agree
      Given the end user's access token for "openid"
      When the application introspects it
      Then "client_id" is the application
      And realm, token type and the user members agree with the token

    @OBO-4.1I-04 @if_administrable
    Scenario: "client_id" of the user's token is the application, whoever introspects
      Given the end user's access token for "openid"
      And a client of its own that may introspect all tokens
      When the client of its own introspects it
      Then "client_id" is the application

    @OBO-4.1I-05
    Scenario: "exp" of the user's token stays while "expires_in" falls
      When the application asks for the end user's token with "openid"
      And it introspects that token, and again after at least a second
      Then "exp" is the end of the granted lifetime and "expires_in" falls towards it

    @OBO-4.1I-06
    Scenario Outline: "iss" of the user's token is the realm's issuer with <headers>
      Given the end user's access token for "openid"
      When the application introspects it
      And the application introspects it with <headers>
      Then "iss" is the realm's issuer both times

      Examples:
        | headers                   |
        | no special headers        |
        | a forged Host             |
        | a forged X-Forwarded-Host |
        | a forged Forwarded        |

    @OBO-4.1I-07
    Scenario Outline: Introspection is refused to a caller with <credentials>
      Given the end user's access token for "openid"
      When it is introspected with <credentials>
      Then the caller learns nothing about the token
      And the application still finds it active

      Examples:
        | credentials           |
        | no credentials        |
        | a wrong client secret |
        | the token as bearer   |

    @OBO-4.1I-08
    Scenario Outline: A token that is <kind> is inactive and tells nothing else
      Given the end user's access token for "openid"
      And a token that is <kind>
      When the application introspects that token
      Then the token is inactive and tells nothing else
      And the application still finds the user's token active

      Examples:
        | kind      |
        | unknown   |
        | malformed |
        | tampered  |
        | expired   |
        | revoked   |

    @OBO-4.1I-08
    Scenario: Introspection without a token is an invalid request
      Given the end user's access token for "openid"
      When the application introspects no token at all
      Then the request is refused as invalid
      And the application still finds the user's token active
