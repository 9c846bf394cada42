@beyond
Feature: Beyond the guide - autonomous AI agents
  An AI agent that also acts for itself does so as itself: no user is in its own tokens, nor in what it exchanges them for.

  Rule: Task 3.2 step 4b - client credentials beside token exchange

    @OBO-AUT-01
    Scenario Outline: <client> gets no token of its own without the client credentials grant
      When <client> asks for a token of its own
      Then the client is refused this grant
      And an exchange as documented is granted

      Examples:
        | client       |
        | the AI agent |

      @if_administrable
      Examples: A client that only a service account makes
        | client                                           |
        | an ordinary client with the token exchange grant |

    @OBO-AUT-01 @if_administrable
    Scenario: An autonomous AI agent's own token names the agent
      When an autonomous AI agent gets a token of its own
      Then that token names the AI agent, no user and no actor

    @OBO-AUT-01 @if_administrable
    Scenario: No user of an earlier exchange is in an AI agent's own token
      Given an AI agent of its own that also acts for itself
      When the AI agent of its own exchanges a user's token and then gets one of its own
      Then that token names the AI agent, no user and no actor

  Rule: Task 3.2 step 5 - exchanging its own token needs a privilege, too

    @OBO-AUT-02
    Scenario: An autonomous AI agent acts for itself within its permissions
      When an autonomous AI agent exchanges its own token for "read-data" at the application
      Then it is refused, or the token names the AI agent and permits at most "read-data"

    @OBO-AUT-02
    Scenario: An autonomous AI agent gets nothing beyond its permissions
      When an autonomous AI agent exchanges its own token for "write-data" at the application
      Then "write-data" is not granted
      And an exchange as documented is granted

    @OBO-AUT-02
    Scenario: An autonomous AI agent gets nothing at an application without a privilege
      When an autonomous AI agent exchanges its own token for "write-data" at the second application
      Then the audience is refused
      And an exchange as documented is granted

    @OBO-AUT-02
    Scenario: No user of an earlier exchange is in what an AI agent gets for its own token
      Given an AI agent of its own that also acts for itself
      When the AI agent of its own exchanges a user's token and then one of its own
      Then it is refused, or the token names the AI agent and permits at most "openid read-data write-data admin-action"
