@beyond
Feature: Beyond the guide - token integrity
  A token says what the realm signed, and nobody but the realm can make one.

  Rule: Task 4.2 step 1 - the JWT that the AI agent receives

    Background:
      Given the end user's access token for "openid read-data write-data admin-action"
      And the AI agent's access token for "read-data", exchanged from it

    @OBO-JWT-01
    Scenario: A published key verifies the agent's token
      When the realm's published keys are fetched
      Then they are public keys, each of its own kid
      When the agent's token is verified with them
      Then the key that its kid selects verifies it, with an asymmetric algorithm

    @OBO-JWT-02
    Scenario: The JWT names the scope that was granted
      When the AI agent exchanges it for "read-data" at the application
      Then the JWT names the scope that answer and introspection name

    @OBO-JWT-02 @if_administrable
    Scenario: The JWT names the scope that was granted to another agent
      When the second AI agent exchanges it for "read-data write-data" at the application
      Then the JWT names the scope that answer and introspection name

    @OBO-JWT-03
    Scenario: The JWT says what introspection says
      Then the JWT names the user, actor, client, issuer and expiry that introspection names

    @OBO-JWT-04
    Scenario: Each JWT has its own time and identifier
      When the AI agent exchanges it three times
      Then each JWT lives as long as its answer says, from now on
      And each JWT has an identifier of its own

  Rule: Task 4.2 step 1 - a forged subject token

    Background:
      Given a genuine JWT about the end user

    @OBO-JWT-05
    Scenario Outline: A changed token is refused: <forgery>
      When it is forged with <forgery>
      Then the forgery is inactive and not exchanged
      And the genuine one is active and exchanged

      Examples:
        | forgery                        |
        | more scope                     |
        | a later expiry                 |
        | another actor                  |
        | a changed signature            |
        | the signature of another token |
        | two parts only                 |

    @OBO-JWT-05 @if_administrable
    Scenario: A token changed to another user who is covered is refused
      When it is forged with another user as subject
      Then the forgery is inactive and not exchanged
      And the genuine one is active and exchanged

    @OBO-JWT-06
    Scenario Outline: An unsigned token is refused: "alg" <alg>
      When it is forged unsigned, with "alg" <alg>
      Then the forgery is inactive and not exchanged
      And the genuine one is active and exchanged

      Examples:
        | alg    |
        | "none" |
        | "None" |
        | "NONE" |
        | "nOnE" |
        | ""     |
        | absent |

    @OBO-JWT-06
    Scenario: A token without its signature is refused
      When it is forged with an empty signature
      Then the forgery is inactive and not exchanged
      And the genuine one is active and exchanged

    @OBO-JWT-07
    Scenario Outline: A token signed with <algorithm> and a public key is refused
      When it is forged with <algorithm> and a public key as the secret
      Then the forgery is inactive and not exchanged
      And the genuine one is active and exchanged

      Examples:
        | algorithm |
        | HS256     |
        | HS384     |
        | HS512     |

    @OBO-JWT-08
    Scenario Outline: A header does not choose the key: <forgery>
      When it is forged with <forgery>
      Then the forgery is inactive and not exchanged
      And the genuine one is active and exchanged

      Examples:
        | forgery                    |
        | the forger's key as jwk    |
        | the forger's key as x5c    |
        | a jku and x5u of nobody    |
        | an unknown kid             |
        | a path as kid              |
        | SQL as kid                 |
        | a kid of 10 kB             |
        | no kid                     |
        | an unknown critical header |

    @OBO-JWT-08 @if_administrable
    Scenario: A key that a header points to is not even fetched
      When it is forged with a header that points to the forger's server
      Then the forgery is inactive and not exchanged
      And nothing was fetched
      And the genuine one is active and exchanged

    @OBO-JWT-09
    Scenario Outline: A token of the forger's is refused, with <issuer>
      When it is forged with <issuer>
      Then the forgery is inactive and not exchanged
      And the genuine one is active and exchanged

      Examples:
        | issuer                                 |
        | the realm's issuer                     |
        | another issuer                         |
        | an issuer that begins like the realm's |
        | the realm's host as user information   |
        | no issuer                              |

    @OBO-JWT-09 @if_administrable
    Scenario: A token of an issuer that publishes its keys is refused
      When it is forged with an issuer that publishes the forger's key
      Then the forgery is inactive and not exchanged
      And the genuine one is active and exchanged

  Rule: Task 4.2 step 2 - a revoked token in another spelling

    @OBO-LIF-04
    Scenario: Revocation holds for every spelling of a token
      Given a token of the AI agent
      And it is active, and exchanged where the tenant exchanges agents' tokens
      When the AI agent revokes it
      And it is presented again, in every spelling
      Then each spelling is inactive and not exchanged
