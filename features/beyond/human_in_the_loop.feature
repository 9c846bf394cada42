@beyond
Feature: Beyond the guide - human in the loop
  What an AI agent may not do by itself it asks the end user for, who approves or denies it on a device of their own (CIBA).

  Rule: Task 3.2 step 5e - high-risk operations wait for the end user's approval

    @OBO-HIL-01
    Scenario: Before the end user has decided there is no token
      Given an AI agent asks the end user to approve "openid admin-action"
      When the agent polls before the end user has decided
      Then there is no token yet
      And another request for "openid admin-action" is redeemed once the end user approves it

    @OBO-HIL-01
    Scenario Outline: A request must hint at one user: <hints>
      When an AI agent asks for approval with <hints>
      Then it is refused: exactly one hint is demanded
      And a request with a login hint alone is accepted

      Examples:
        | hints                               |
        | no hint                             |
        | a login hint and a login hint token |

      @if_administrable
      Examples:
        | hints                               |
        | a login hint and an ID token hint   |

    @OBO-HIL-02
    Scenario: What the end user denied never gives a token
      Given an AI agent asks the end user to approve "openid admin-action"
      When the end user denies it
      And the agent polls, and again after the end user has approved too late
      Then both polls are refused for good, the first with "access_denied"
      And another request for "openid admin-action" is redeemed once the end user approves it

    @OBO-HIL-02 @slow
    Scenario: A request whose time is over never gives a token
      Given an AI agent asks the end user to approve "openid admin-action" within one second
      When its time is over
      And the agent polls, and again after the end user has approved too late
      Then both polls are refused for good, the first with "expired_token"
      And another request for "openid admin-action" is redeemed once the end user approves it

    @OBO-HIL-03
    Scenario: Only the agent that asked redeems the approval
      Given an AI agent asked the end user to approve "openid admin-action", and "openid admin-action" was approved
      When another AI agent that may ask for approval redeems it
      Then the approval is not redeemed
      And another request for "openid admin-action" is redeemed once the end user approves it

    @OBO-HIL-03
    Scenario: An approval is redeemed once
      Given an AI agent asked the end user to approve "openid admin-action", and "openid admin-action" was approved
      When the agent redeems the approval
      Then the approval is redeemed
      When the agent redeems the approval
      Then the approval is not redeemed

    @OBO-HIL-04
    Scenario Outline: The token has what was approved: "<approved>" of "<asked>"
      Given an AI agent asked the end user to approve "<asked>", and "<approved>" was approved
      When the agent redeems the approval
      Then the approval is redeemed
      And the token is the end user's, shows the agent and has "<approved>" alone

      Examples:
        | asked               | approved            |
        | openid admin-action | openid admin-action |

      @if_administrable
      Examples:
        | asked                         | approved         |
        | openid read-data admin-action | openid read-data |

    @OBO-HIL-04
    Scenario: A poll can't widen what was approved
      Given an AI agent asked the end user to approve "openid read-data", and "openid read-data" was approved
      When the agent redeems the approval with "scope" "openid admin-action"
      Then the token is the end user's, shows the agent and has "openid read-data" alone
      And another request for "openid read-data" is redeemed once the end user approves it

  Rule: Task 3.2 step 5e - what Permissions withhold is not to be had without approval

    @OBO-HIL-04
    Scenario: An AI agent can't exchange its way around an approval
      Given a tenant that offers approval over the backchannel
      And the end user's access token for "openid read-data write-data admin-action"
      When the AI agent exchanges it for "admin-action" at the application
      Then "admin-action" is not granted
      When the AI agent exchanges it for "read-data" at the application
      Then the exchange is granted as a control

    @OBO-HIL-04
    Scenario: An approval of one thing is no permission for another
      Given an AI agent asked the end user to approve "openid read-data", and "openid read-data" was approved
      And the end user's access token for "openid read-data write-data admin-action"
      When that AI agent exchanges it for "admin-action" at the application
      Then "admin-action" is not granted
      When that AI agent exchanges it for "read-data" at the application
      Then the exchange is granted as a control
