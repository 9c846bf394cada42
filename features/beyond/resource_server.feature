@beyond
Feature: Beyond the guide - the application as resource server
  The agent's token is not only well formed: the application that it is for accepts it, for the user, through the agent.

  Rule: Task 4.2 step 1 - the token opens what it was issued for

    @OBO-AUD-01
    Scenario: The application serves the user through the AI agent
      Given the end user's access token for "openid read-data"
      And the AI agent's access token for "read-data", exchanged from it
      When the application introspects the user's token
      And the AI agent calls the application with its own, for what needs "read-data"
      Then the user is served through the AI agent
