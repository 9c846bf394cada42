@task_3_1
Feature: Task 3.1 Create an AI agent
  An AI agent is an identity of its own kind, and it can do nothing until it is configured.

  Rule: Steps 1 and 2 - create the AI agent and go on to configure it

    @OBO-3.1-01 @if_administrable
    Scenario: The AI agent is an identity of agent type
      When the administrator finds the AI agent in the list and opens it
      Then it is a confidential client of agent type under the chosen client ID and name
      And its identity record has the same client ID

    @OBO-3.1-01
    Scenario Outline: The AI agent is confidential and has a secret of its own: <secret>
      Given the documented exchange request
      When it is sent with <secret>
      Then the client is refused
      And the documented exchange request is granted

      Examples:
        | secret           |
        | no client secret |

      @if_administrable @failed_login
      Examples:
        | secret                   |
        | the application's secret |
        | a wrong secret           |

    @OBO-3.1-01 @if_administrable @failed_login
    Scenario: The secret of another AI agent is not this one's
      Given the documented exchange request
      When it is sent with the second AI agent's secret
      Then the client is refused
      And the documented exchange request is granted

    @OBO-3.1-02
    Scenario: A new AI agent obtains no token until it has a privilege
      Given a new AI agent on which task 3.2 has not been done
      And the end user's access token for "openid read-data"
      When the new AI agent exchanges it at first, and after each of these steps
        | step                                                |
        | 4b grant type token exchange                        |
        | 4c token endpoint authentication client_secret_post |
        | 4e provider overrides enabled                       |
        | 4f client-side tokens                               |
        | 4g audience parameters accepted                     |
      Then each of these exchanges is refused
      When it has a privilege for the end user with empty permissions
      Then its exchange is granted
      And it is refused again once the privilege is deleted

    @OBO-3.1-03
    Scenario: The client ID of an AI agent cannot be changed
      Given an AI agent of its own that exchanges tokens
      When the administrator gives it another client ID
      Then the AI agent is still found under its client ID
      And the AI agent still exchanges tokens

    @OBO-3.1-03
    Scenario: An AI agent that is created again starts without privileges
      Given an AI agent of its own that exchanges tokens
      When the administrator deletes it and creates it again with the same client ID and another secret
      Then its exchange is refused
      And the exchange is granted once it has a privilege again
