@beyond
Feature: Beyond the guide - subjects
  An agent's token is about the user whose token was exchanged, whatever else is sent, presented or renamed.

  Rule: Task 4.2 step 1 - the subject comes from the subject token alone

    @OBO-SUB-01
    Scenario Outline: Two users' tokens that are exchanged <order> are not mixed up
      Given the end user's access token for "openid read-data"
      And the access token of a member of the selected group for "openid read-data" as well
      When the AI agent exchanges both of them <order>
      Then each token is about the user whose token was exchanged

      Examples:
        | order             |
        | in turn           |
        | ten times at once |

    @OBO-SUB-02
    Scenario Outline: A parameter "<parameter>" of the exchange does not decide who the subject is
      Given the documented exchange request
      When it is sent with "<parameter>" naming another user
      Then it is refused, or the token is still about the end user
      And the documented exchange request is granted

      Examples:
        | parameter         |
        | requested_subject |
        | subject           |
        | sub               |
        | username          |
        | login_hint        |
        | user_id           |
        | claims            |
        | assertion         |

  Rule: Task 4.2 step 1 - the subject token is an access token

    @OBO-SUB-03
    Scenario Outline: No access token: <token>
      Given the documented exchange request
      When it is sent with <token> as subject token
      Then the exchange is refused
      And the documented exchange request is granted

      Examples:
        | token              |
        | a client assertion |
        | a logout token     |

      @if_administrable
      Examples: Tokens that not every tenant issues
        | token                              |
        | the ID token of a log-in           |
        | an ID token that was exchanged for |
        | the refresh token of a log-in      |

    @OBO-SUB-03
    Scenario: An access token does not pass as an ID token
      Given the documented exchange request
      When it is sent with "subject_token_type" "urn:ietf:params:oauth:token-type:id_token"
      Then the exchange is refused
      And the documented exchange request is granted

    @OBO-SUB-06 @if_administrable
    Scenario: No user comes of a token without one
      Given the end user's access token for "openid read-data"
      And the AI agent has exchanged it for "read-data"
      When the AI agent exchanges an unrelated client's own token for "read-data"
      Then it is refused, or the token is about no user
      And an exchange as documented is granted

    @OBO-SUB-06
    Scenario: A user's token that was issued to another application
      Given the end user has an access token from the second application for "openid write-data"
      When the second AI agent exchanges it for "write-data" at the application
      Then whether it is granted is recorded
      And an exchange as documented is granted

  Rule: Tasks 4.1 and 4.2 - each realm is a world of its own

    @OBO-SUB-04
    Scenario Outline: A token of <user> is not exchanged at <realm>
      Given a token that <user> got at home
      When the AI agent exchanges that token at <realm>
      Then the exchange or the client is refused
      And that token is active at home
      And an exchange as documented is granted

      Examples:
        | user                       | realm                |
        | a user of the other realm  | the realm under test |
        | a user of the other realm  | the other realm      |
        | the end user               | the other realm      |

    @OBO-SUB-04
    Scenario Outline: <client> learns nothing at <realm> about a token of <user>
      Given a token that <user> got at home
      When <client> introspects that token at <realm>
      Then nothing is told about it
      And that token is active at home

      Examples:
        | client                        | user                      | realm                |
        | the application               | a user of the other realm | the realm under test |
        | the application               | a user of the other realm | the other realm      |
        | the other realm's application | the end user              | the realm under test |
        | the other realm's application | the end user              | the other realm      |
        | the application               | the end user              | the other realm      |
        | the other realm's application | a user of the other realm | the realm under test |

    @OBO-SUB-04
    Scenario Outline: <client> does not log in <user> at <realm>
      When <client> logs in <user> at <realm>
      Then the user or the client is refused
      And the users of both realms log in at home

      Examples:
        | client                        | user                      | realm                |
        | the application               | a user of the other realm | the realm under test |
        | the application               | a user of the other realm | the other realm      |
        | the other realm's application | the end user              | the realm under test |
        | the other realm's application | the end user              | the other realm      |
        | the application               | the end user              | the other realm      |
        | the other realm's application | a user of the other realm | the realm under test |

  Rule: Task 3.2 step 5d - a subject is an account, not a user name

    @OBO-SUB-05
    Scenario: An account that is created anew does not inherit a privilege
      Given an AI agent of its own, and a user of its own among its subjects
      When that user is deleted, and another account is created with the same user name
      Then the other account can log in, but its token is not exchanged
      And the other account's token is exchanged once it is a subject itself

    @OBO-SUB-05
    Scenario: A renamed account keeps its privilege, and who takes the old name gets none
      Given an AI agent of its own, and a user of its own among its subjects
      When that user gets another user name, and another account is created with the old one
      Then the renamed user's token is exchanged
      And the other account can log in, but its token is not exchanged
