@beyond
Feature: Beyond the guide - client authentication
  The exchange takes its actor from client authentication alone: who acts is who proved it, with the whole secret.

  Rule: Task 4.2 step 1 - an exchange needs client authentication

    @OBO-CLA-01
    Scenario Outline: An exchange with <credentials> is refused
      Given the documented exchange request
      When it is sent with <credentials>
      Then the client is refused
      And the documented exchange request is granted

      Examples:
        | credentials                  |
        | no client secret             |
        | no client ID                 |
        | neither client ID nor secret |
        | its client ID in the query   |

    @OBO-CLA-05
    Scenario Outline: Whoever got hold of a user's token can't exchange it: <client>
      Given the documented exchange request
      When <client> sends it with credentials of its own
      Then neither the client nor its exchange is accepted
      And the documented exchange request is granted

      Examples:
        | client          |
        | the application |

      @if_administrable
      Examples:
        | client                                           |
        | an unrelated client                              |
        | an ordinary client with the token exchange grant |
        | a public client                                  |
        | a public client with the token exchange grant    |

  Rule: Tasks 4.1 and 4.2 - the secret is compared exactly and in full

    @OBO-CLA-02
    Scenario Outline: The AI agent is refused with <secret>
      Given the documented exchange request
      When it is sent with <secret>
      Then the client is refused
      And the documented exchange request is granted

      Examples:
        | secret                                 |
        | the application's secret               |
        | its secret without the last character  |
        | its secret with another last character |
        | its secret in the other case           |
        | its secret and a space                 |
        | its secret as an array                 |

    @OBO-CLA-02
    Scenario Outline: The application is refused with <secret>
      Given the documented password request
      When it is sent with <secret>
      Then the client is refused
      And the documented password request is granted

      Examples:
        | secret                                |
        | an empty secret                       |
        | its secret and one more character     |
        | its secret without the last character |
        | its secret and a line break           |
        | a space and its secret                |

    @OBO-CLA-02
    Scenario Outline: Introspection is refused with <secret>
      Given the end user's access token for "openid"
      And the documented introspection request
      When it is sent with <secret>
      Then the caller learns nothing about the user's token
      And the documented introspection request is granted

      Examples:
        | secret                                 |
        | an empty secret                        |
        | its secret with another last character |
        | its secret in the other case           |

    @OBO-CLA-02 @if_administrable
    Scenario Outline: A long secret counts to its end: <secret>
      Given a client of its own with a secret of 80 bytes
      And that client's password request
      When it is sent with <secret>
      Then the client is refused
      And that client's password request is granted

      Examples:
        | secret                                     |
        | the first 72 bytes of its secret           |
        | its secret with another end after 72 bytes |

  Rule: Tasks 2.2 step 4d and 3.2 step 4c - one authentication method

    @OBO-CLA-03
    Scenario Outline: Two methods in one exchange: <header> in the header, <body> in the body
      Given the documented exchange request
      When it is sent with <header> in the Authorization header and <body> in the body
      Then <header> and <body> together are refused
      And the documented exchange request is granted

      Examples:
        | header           | body             |
        | the right secret | the right secret |
        | the right secret | a wrong secret   |
        | a wrong secret   | the right secret |

    @OBO-CLA-03 @if_administrable
    Scenario Outline: Two methods of a client that uses the header: <header> in the header, <body> in the body
      Given a client of its own that authenticates in the Authorization header
      And that client's password request
      When it is sent with <header> in the Authorization header and <body> in the body
      Then <header> and <body> together are refused
      And that client's password request is granted

      Examples:
        | header           | body             |
        | the right secret | the right secret |
        | the right secret | a wrong secret   |
        | a wrong secret   | the right secret |

  Rule: Task 4.2 step 1 - the client that acts is the client that authenticated

    @OBO-CLA-04
    Scenario Outline: An exchange with <client> in the header and <other> in the body
      Given the documented exchange request
      When it is sent with <client> in the Authorization header and the client ID of <other> in the body
      Then it is refused, or <client> alone acts
      And the documented exchange request is granted

      Examples:
        | client          | other           |
        | the application | the AI agent    |
        | the AI agent    | the application |

      @if_administrable
      Examples:
        | client              | other        |
        | the second AI agent | the AI agent |

    @OBO-CLA-04
    Scenario: The AI agent does not log a user in as the application
      Given the documented password request
      When it is sent with the AI agent in the Authorization header and the client ID of the application in the body
      Then it is refused, or the AI agent alone acts
      And the documented password request is granted

    @OBO-CLA-04 @if_administrable
    Scenario Outline: A client that authenticates in the header does not act as <other>: <request> request
      Given a client of its own that authenticates in the Authorization header
      And that client's password request
      And the documented <request> request
      When that client sends it with the client ID of <other> in the body
      Then it is refused, or that client alone acts
      And the documented <request> request is granted

      Examples:
        | request  | other           |
        | exchange | the AI agent    |
        | password | the application |

    @OBO-CLA-04
    Scenario Outline: Two client IDs in one exchange: <first>, then <second>
      Given the documented exchange request
      When it is sent with the client IDs of <first> and <second>
      Then the client is refused
      And the documented exchange request is granted

      Examples:
        | first           | second          |
        | the AI agent    | the application |
        | the application | the AI agent    |

  Rule: Tasks 4.1 and 4.2 - a refused client learns no more than that

    @OBO-CLA-06
    Scenario Outline: An unknown client and a wrong secret look alike: <request> request
      Given the documented <request> request
      When it is sent by an unknown client and with a wrong secret
      Then both refusals are alike
      And the documented <request> request is granted

      Examples:
        | request  |
        | password |
        | exchange |

    @OBO-CLA-06
    Scenario: A wrong secret in the Authorization header is answered by a challenge
      Given the documented exchange request
      When it is sent with a wrong secret in the Authorization header
      Then it is refused with a challenge
      And the documented exchange request is granted

    @OBO-CLA-06 @if_administrable
    Scenario: A client that authenticates in the header is challenged, too
      Given a client of its own that authenticates in the Authorization header
      And that client's password request
      When it is sent with a wrong secret in the Authorization header
      Then it is refused with a challenge
      And that client's password request is granted
