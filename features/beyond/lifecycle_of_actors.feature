@beyond @own_tokens
Feature: Beyond the guide - lifecycle of users, agents and applications
  What an administrator takes away is gone: for tokens issued before the change as for those issued after it.

  Rule: Task 4.1 step 1 - the end user's account

    Background:
      Given an AI agent of its own that acts for a user of its own
      And it has exchanged the user's token

    @OBO-LIF-06
    Scenario: Nobody can act for a user who was disabled, until the user logs in again
      When that user is disabled
      Then the user's earlier token is refused
      And the agent's token should have ended with it
      When that user is enabled again
      Then a new token of the user is exchanged

    @OBO-LIF-06
    Scenario: Nobody can act for a user who was deleted
      When that user is deleted
      Then the user's earlier token is refused
      And the agent's token should have ended with it

  Rule: Task 3.1 step 1 - the AI agent

    Background:
      Given an AI agent of its own that exchanges tokens
      And it has exchanged the user's token

    @OBO-LIF-07
    Scenario Outline: An AI agent that was <change> can neither exchange nor introspect
      Given the AI agent and the application have introspected that token
      When the AI agent is <change>
      Then its exchange is refused, for it is no client any more
      And its introspection is refused
      And the agent's token should have ended for the application

      Examples:
        | change   |
        | disabled |
        | deleted  |

    @OBO-LIF-10
    Scenario: An AI agent whose secret was changed authenticates with the new one alone
      When the secret of the AI agent is changed
      Then whether the agent's earlier token ends when its secret is changed is recorded
      When it uses the new secret at the token, introspection and revocation endpoints
      Then the new secret works
      And the old secret is refused at each of them

  Rule: Task 3.2 steps 5b and 6 - the privilege

    @OBO-LIF-08
    Scenario: A privilege that was deleted grants nothing
      Given an AI agent of its own that exchanges tokens
      And it has exchanged the user's token
      When its privilege is deleted
      Then the exchange is refused with the user's earlier token and with a new one
      And whether the agent's earlier token ends when its privilege is deleted is recorded
      And the exchange is granted once it has a privilege again

  Rule: Task 3.2 step 5d - subjects and subject groups

    @OBO-LIF-08
    Scenario: A user who was taken off the subjects is not covered
      Given an AI agent of its own that exchanges tokens
      When the user is taken off the subjects of its privilege
      Then the exchange is refused with the user's earlier token and with a new one
      When the user is among the subjects of its privilege again
      Then the exchange is granted with the user's earlier token and with a new one

    @OBO-LIF-09
    Scenario: A user who was taken out of the group is not covered, and is covered once back
      Given an AI agent of its own that acts for a group with a user of its own
      When the user is taken out of the group
      Then the exchange is refused with the user's earlier token and with a new one
      When the user is in the group again
      Then the exchange is granted with the user's earlier token and with a new one

  Rule: Task 3.2 step 5e - permissions

    @OBO-LIF-08
    Scenario: A scope that was taken off the permissions is not granted
      Given an AI agent of its own that exchanges tokens for "write-data"
      When the permissions of its privilege are narrowed to "read-data"
      Then "write-data" is granted neither with the user's earlier token nor with a new one
      And the AI agent still exchanges tokens

  Rule: Task 2 - the application

    @OBO-LIF-12
    Scenario Outline: An application is no audience any more when <change>
      Given an AI agent of its own that acts at an application of its own
      And it exchanges tokens of that application, and of another one where it may
      When <change>
      Then none of these tokens is exchanged any more

      Examples:
        | change                                |
        | the application's client is disabled |
        | the application's client is deleted  |
        | the application itself is deleted    |
