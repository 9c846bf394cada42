@task_1
Feature: Task 1 Configure the OAuth 2.0 provider service
  The realm's OAuth2 provider offers the two grant types that the flow is made of.

  Rule: Steps 1 and 2 - open the OAuth2 Provider service and select the grant types

    @OBO-1-01
    Scenario: The provider serves both grant types
      Given the documented password request
      When it is sent
      Then the provider serves the password grant
      Given the documented exchange request
      When it is sent
      Then the provider serves the token exchange grant

    @OBO-1-01 @if_administrable
    Scenario: Both grant types are selected
      When the administrator opens the OAuth2 provider
      Then Resource Owner Password Credentials and Token Exchange are among its grant types

    @OBO-1-04
    Scenario Outline: The administrator's interfaces are closed to <caller>
      Given the token of <caller>
      When that token is used to read the provider, the application, the AI agent and its privilege
      And that token is used to change the description of the privilege
      Then each of these requests is refused
      And the privilege is unchanged
      And the administrator can read all of them

      Examples:
        | caller              |
        | an anonymous caller |
        | the end user        |
        | the AI agent        |

      @if_administrable
      Examples: A token that not every tenant issues
        | caller                          |
        | a holder of the user's ID token |

  Rule: Step 3 - save changes

    @OBO-1-02 @exclusive
    Scenario: Saving what is selected already changes nothing
      Given an OAuth2 provider with a setting that differs from the default
      When the administrator saves the provider twice as it is
      Then the provider is what it was, apart from its revision

    @OBO-1-03 @exclusive
    Scenario: The password grant is refused to every client while it is off at the provider
      Given the documented password request
      When it is sent while "password" is off at the provider
      Then the grant type is refused
      And it is granted once the provider offers the grant type again

    @OBO-1-03 @exclusive
    Scenario: Token exchange is refused to every client while it is off at the provider
      Given the documented exchange request
      When it is sent while "urn:ietf:params:oauth:grant-type:token-exchange" is off at the provider
      Then the grant type is refused
      And it is granted once the provider offers the grant type again
