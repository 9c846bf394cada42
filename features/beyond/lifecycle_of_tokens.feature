@beyond @own_tokens
Feature: Beyond the guide - lifecycle of tokens
  A token that has expired or was revoked is worth nothing, and revoking one ends no other.

  Rule: Task 4.2 step 1 - subject tokens that were revoked

    @OBO-LIF-02
    Scenario Outline: A revoked user's token cannot be exchanged as <type>
      Given the documented exchange request
      When it is sent
      Then the exchange is granted as a control
      When the application has revoked the user's token of that request
      And it is sent with "subject_token_type" <type> until it is refused
      Then the exchange is refused

      Examples:
        | type                                             |
        | "urn:ietf:params:oauth:token-type:access_token" |
        | "urn:ietf:params:oauth:token-type:jwt"          |
        | "urn:ietf:params:oauth:token-type:id_token"     |

    @OBO-LIF-05
    Scenario Outline: A token exchanged from a revoked one should seed no other: <agent>
      Given the end user's access token for "openid read-data"
      And the AI agent's access token for "read-data", exchanged from it
      And <agent> exchanges that token as well
      When the application has revoked the user's token
      And <agent> exchanges the agent's token
      Then the agent's token should seed nothing any more
      And whether the agent's token ends with the user's token is recorded

      Examples:
        | agent        |
        | the AI agent |

      @if_administrable
      Examples:
        | agent               |
        | the second AI agent |

  Rule: Task 4.2 step 2 - agent's tokens that were revoked

    Background:
      Given the end user's access token for "openid read-data"
      And the AI agent's access token for "read-data", exchanged from it

    @OBO-LIF-03
    Scenario: Revoking an agent's token ends that token alone
      Given a further token that the AI agent exchanged from it
      When the AI agent revokes its token
      Then the agent's token is inactive
      And the further token and the user's token are still active
      And revoking it once more is no error

    @OBO-LIF-03
    Scenario Outline: <client> cannot revoke an agent's token
      When <client> tries to revoke the agent's token
      Then the agent's token is still active
      When the AI agent revokes its token
      Then the agent's token is inactive

      Examples:
        | client                 |
        | the second AI agent    |
        | the second application |

      @if_administrable
      Examples:
        | client              |
        | an unrelated client |

  Rule: Task 4.2 step 1, expires_in - tokens that have expired

    @OBO-LIF-11
    Scenario: An agent's token should not outlive the user's token
      Given an AI agent of its own whose tokens may live for two hours
      When it exchanges the user's token
      Then its token should expire no later than the user's

    @OBO-LIF-01
    Scenario: An expired user's token cannot be exchanged
      Given an expired access token of the end user
      When the short-lived AI agent exchanges it for "read-data" at the short-lived application
      Then the exchange is refused
      And a fresh token is exchanged in the same way

    @OBO-LIF-01
    Scenario: An expired agent's token is inactive and cannot be exchanged
      Given an expired access token of the short-lived AI agent
      When the short-lived AI agent exchanges it for "read-data" at the short-lived application
      Then the exchange is refused
      And the expired token is inactive
      And a fresh token is exchanged in the same way, for one that is active
