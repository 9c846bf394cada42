@beyond
Feature: Beyond the guide - audit correlation
  Each token can be told apart in the tenant's audit trail.

  Rule: Task 4.1 step 3 and task 4.2 step 2 - authGrantId and auditTrackingId

    @OBO-LOG-01
    Scenario: Each token has identifiers of its own that stay
      Given the end user's access token for "openid read-data"
      When the user's token and two tokens exchanged from it are introspected twice each
      Then "authGrantId" and "auditTrackingId" stay for each token and differ between the tokens
