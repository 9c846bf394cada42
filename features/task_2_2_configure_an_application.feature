@task_2_2
Feature: Task 2.2 Configure a custom OAuth 2.0 application
  The application may use the password grant, has its scopes, and authenticates in the request body.

  Rule: Steps 1 to 4a - find the application and add Resource Owner Password Credentials

    @OBO-2.2-01
    Scenario: Adding a grant type keeps the others and takes effect
      Given an application of its own as task 2.1 leaves it
      When the administrator finds it in the list
      And adds Resource Owner Password Credentials to its grant types
      Then its grant types are the earlier ones and "password"
      And it issues tokens to the end user

    @OBO-2.2-02
    Scenario: A client without the password grant cannot log the user in
      Given the documented password request
      When the AI agent sends it with credentials of its own
      Then the client is refused this grant
      And the documented password request is granted

  Rule: Step 4b - scopes

    @OBO-2.2-03
    Scenario Outline: The scope "<scope>" can be granted
      When the application asks for the end user's token with "<scope>"
      Then "<scope>" is granted

      Examples:
        | scope                                    |
        | openid                                   |
        | read-data                                |
        | write-data                               |
        | admin-action                             |
        | openid read-data write-data admin-action |

  Rule: Steps 4c to 5 - token endpoint authentication method client_secret_post

    @OBO-2.2-04
    Scenario: The application authenticates in the request body
      Given the documented password request
      When it is sent
      Then the application is authenticated
      When it is sent with the client credentials in an Authorization header only
      Then that authentication method should be refused
