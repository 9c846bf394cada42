@task_2_1
Feature: Task 2.1 Create a custom OAuth 2.0 application
  A confidential OIDC web application is the resource that the AI agent reaches on behalf of end users.

  Rule: Steps 1 to 3 - a custom OIDC web application with a name and an owner

    @OBO-2.1-01 @if_administrable
    Scenario: The application is an OIDC web client with a name and an owner
      When the administrator opens the application
      Then it is a confidential client under the chosen client ID and name
      And it is linked to the OAuth client
      And it has an owner

    @OBO-2.1-01
    Scenario Outline: The application is confidential and has a secret of its own: <secret>
      Given the documented password request
      When it is sent with <secret>
      Then the client is refused
      And the documented password request is granted

      Examples:
        | secret           |
        | no client secret |

      @if_administrable @failed_login
      Examples:
        | secret                |
        | the AI agent's secret |

  Rule: Steps 4 and 5 - client ID and client secret, and on to the configuration

    @OBO-2.1-02
    Scenario Outline: "<client_id>" is a client ID, and every claim carries it as it was entered
      When the administrator creates an application with the client ID "<client_id>"
      Then the application is created
      And the client ID is spelt as it was entered in every claim of its tokens

      Examples:
        | client_id                 |
        | digital-assistant-web-app |
        | a_b-1                     |

    @OBO-2.1-02
    Scenario Outline: A client ID with <flaw> is not accepted
      When the administrator creates an application with the client ID "<client_id>"
      Then the client ID is not accepted
      And an application with the client ID "a-b_2" can be created

      Examples:
        | flaw                     | client_id |
        | a blank                  | bad id    |
        | a slash                  | x/y       |
        | letters outside of ASCII | ünï       |
        | no character             |           |

    @OBO-2.1-02
    Scenario: An AI agent cannot take the client ID of an application
      Given an application of its own that issues tokens
      When the administrator creates an AI agent with the application's client ID
      Then the client ID is refused as taken
      And the application still issues tokens

    @OBO-2.1-02
    Scenario: An application cannot take the client ID of an AI agent
      Given an AI agent of its own that exchanges tokens
      When the administrator creates an application with the AI agent's client ID
      Then the client ID is refused as taken
      And the AI agent still exchanges tokens

    @OBO-2.1-02
    Scenario: A client ID in another case does not change the claims
      Given the documented password request
      When it is sent with the client ID in upper case
      Then it is refused, or its token names the client ID as it was entered
      And the documented password request is granted

    @OBO-2.1-03
    Scenario: A client secret cannot be viewed again
      When the administrator reads and lists the application and the AI agent
      Then none of these answers shows a client secret
      And the documented password request is granted with that secret
      And an exchange as documented is granted with that secret
