@beyond
Feature: Beyond the guide - audit correlation
  Each token can be told apart in the tenant's audit trail, and no trail gives a secret away.

  Rule: Task 4.1 step 3 and task 4.2 step 2 - authGrantId and auditTrackingId

    @OBO-LOG-01
    Scenario: Each token has identifiers of its own that stay
      Given the end user's access token for "openid read-data"
      When the user's token and two tokens exchanged from it are introspected twice each
      Then "authGrantId" and "auditTrackingId" stay for each token and differ between the tokens

  Rule: Task 4.1 step 2 and task 4.2 step 1 - passwords, client secrets and tokens

    @OBO-LOG-03
    Scenario: This suite's own report shows no password, client secret or token
      Given the end user's access token for "openid read-data"
      And the AI agent's access token for "read-data", exchanged from it
      When the agent's token is introspected
      Then the report so far tells of these requests, and shows no secret and neither of the tokens
