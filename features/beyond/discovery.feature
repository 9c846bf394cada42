@beyond
Feature: Beyond the guide - discovery
  The realm's metadata says what the guide's flow needs to know, and says it right.

  Rule: Task 4.1 step 3 - the issuer

    @OBO-DSC-01
    Scenario: The issuer is the tokens' and tells where the metadata is
      Given the realm's metadata
      And the end user's access token for "openid read-data"
      And the AI agent's access token for "read-data", exchanged from it
      When the agent's token is introspected
      And the application introspects the user's token
      Then its issuer is "iss" of the user's and of the agent's token
      And its issuer says where it is found

  Rule: Task 4.1 steps 2 and 3 - the endpoints

    @OBO-DSC-02
    Scenario: The guide's flow runs on the endpoints that the metadata names
      Given the realm's metadata
      When the guide's flow runs on the endpoints that it names
      Then token, introspection and key endpoint are at the tenant's address
      And its token reads there as it does at the guide's endpoints

    @OBO-DSC-02
    Scenario: The keys that the metadata names have that of the agent's token
      Given the realm's metadata
      And the end user's access token for "openid read-data"
      And the AI agent's access token for "read-data", exchanged from it
      When its keys are read
      Then they have the key of the agent's token

  Rule: Tasks 1, 2.2 and 3.2 - what is offered

    @OBO-DSC-03
    Scenario: The metadata lists what the guide switches on, and nothing unsigned
      Given the realm's metadata
      Then it lists the guide's grant types and client_secret_post
      And it offers nothing that is not signed

    @OBO-DSC-03 @if_administrable
    Scenario: The metadata lists no grant type that is off
      Given the realm's metadata
      Then it lists no grant type that is off at the provider

    @OBO-DSC-03 @exclusive @if_administrable
    Scenario: A grant type that is switched off disappears from the metadata
      Given the realm's metadata
      When "password" is off at the provider and the metadata is read again
      Then it does not list "password"
