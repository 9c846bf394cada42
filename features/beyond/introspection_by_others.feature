@beyond
Feature: Beyond the guide - introspection by others
  Introspection tells a token's own clients what they need, and everybody else nothing.

  Rule: Task 4.1 step 3 and task 4.2 step 2 - who asks

    @OBO-SEC-01 @if_administrable
    Scenario Outline: A client that neither owns a token nor is its audience learns nothing: <client>
      Given the end user's access token for "openid read-data"
      And the AI agent's access token for "read-data", exchanged from it
      When <client> asks introspection about the user's token
      And <client> asks introspection about the agent's token, too
      Then it is told nothing about either token
      And the application still finds the user's token active
      And the agent's token is active for those whom it concerns

      Examples:
        | client                 |
        | an unrelated client    |
        | the second AI agent    |
        | the second application |

  Rule: Task 4.1 step 3 and task 4.2 step 2 - in which format

    @OBO-SEC-02
    Scenario Outline: A token that is <kind> tells nothing in the format <media_type>
      Given the end user's access token for "openid"
      And a token that is <kind>
      When the application introspects that token and accepts "<media_type>"
      Then it is inactive and tells nothing else in that format
      And the application still finds the user's token active

      Examples:
        | kind     | media_type                          |
        | tampered | application/jwt                     |
        | tampered | application/token-introspection+jwt |

      @if_administrable
      Examples:
        | kind    | media_type                          |
        | revoked | application/jwt                     |
        | revoked | application/token-introspection+jwt |
        | expired | application/jwt                     |
        | expired | application/token-introspection+jwt |

  Rule: Task 4.1 step 3 - what kind of token

    @OBO-SEC-03
    Scenario Outline: The hint "<hint>" changes no answer
      Given the end user's access token for "openid read-data"
      And the AI agent's access token for "read-data", exchanged from it
      When the agent's token is introspected with and without the hint "<hint>"
      Then the hint makes no difference

      Examples:
        | hint          |
        | access_token  |
        | refresh_token |
        | bogus         |

    @OBO-SEC-03 @if_administrable
    Scenario: An ID token is no access token
      Given an ID token of the end user
      When application and AI agent introspect the ID token
      Then it should not read as an active access token to either

    @OBO-SEC-03 @if_administrable
    Scenario: The application's refresh token is no access token for the AI agent
      Given a refresh token that the application received with the end user's token
      When the AI agent introspects the refresh token
      Then it should not read as an active access token
