@beyond
Feature: Beyond the guide - errors
  A refusal has the form and the code that clients are made for, and gives nothing away.

  Rule: Tasks 4.1 and 4.2 - the form of a refusal

    @OBO-ERR-01
    Scenario Outline: The <request> request with "<parameter>" <value> is refused in the form of RFC 6749
      Given the end user's access token for "openid"
      And the documented <request> request
      When it is sent with "<parameter>" <value>
      Then the refusal has the form of an OAuth error
      And the documented <request> request is granted

      Examples:
        | request       | parameter          | value              |
        | exchange      | subject_token      | "no-such-token"    |
        | exchange      | subject_token_type | "no-such-type"     |
        | exchange      | grant_type         | "no-such-grant"    |
        | exchange      | client_id          | "no-such-client"   |
        | password      | username           | absent             |
        | password      | grant_type         | absent             |
        | introspection | token              | absent             |

      @if_administrable @failed_login
      Examples:
        | request       | parameter     | value              |
        | exchange      | client_secret | "no-such-secret"   |
        | password      | password      | "no-such-password" |
        | introspection | client_secret | "no-such-secret"   |

    @OBO-ERR-01
    Scenario Outline: Where the <request> request with "<parameter>" "<value>" is refused, it is in the form of RFC 6749
      Given the end user's access token for "openid"
      And the documented <request> request
      When it is sent with "<parameter>" "<value>"
      Then a refusal has the form of an OAuth error
      And the documented <request> request is granted

      Examples:
        | request  | parameter | value            |
        | exchange | scope     | no-such-scope    |
        | exchange | audience  | no-such-audience |
        | password | scope     | no-such-scope    |

    @OBO-ERR-01
    Scenario: A client without the grant is refused in the form of RFC 6749
      Given the documented password request
      When the AI agent sends it with credentials of its own
      Then the refusal has the form of an OAuth error
      And the documented password request is granted

  Rule: Task 4.2 step 1 - the code of a refusal

    @OBO-ERR-02
    Scenario Outline: An exchange <fault> is answered by <code>
      Given the documented exchange request
      When it is sent <fault>
      Then the error should be <code>
      And the documented exchange request is granted

      Examples:
        | fault                              | code            |
        | with a damaged subject token       | invalid_request |
        | with a damaged actor token         | invalid_request |
        | with "audience" "no-such-audience" | invalid_target  |
        | with "scope" "no-such-scope"       | invalid_scope   |

      @failed_login
      Examples:
        | fault               | code           |
        | with a wrong secret | invalid_client |

    @OBO-ERR-02
    Scenario: A client without the grant is answered by unauthorized_client
      Given the documented password request
      When the AI agent sends it with credentials of its own
      Then the error should be unauthorized_client
      And the documented password request is granted

  Rule: Task 3.2 step 5d - what a refusal gives away

    @OBO-ERR-03
    Scenario Outline: Refused <fault>, the <request> request is answered without a secret
      Given the documented <request> request
      When it is sent <fault>
      Then the refusal repeats nothing that is secret
      And the documented <request> request is granted

      Examples:
        | request  | fault                        |
        | exchange | with a damaged subject token |
        | exchange | with a damaged actor token   |

      @failed_login
      Examples:
        | request  | fault                      |
        | exchange | with a wrong secret        |
        | password | with a wrong user password |
        | password | with a wrong secret        |

    @OBO-ERR-03 @if_administrable
    Scenario: A refusal does not tell who may be acted for
      Given the documented exchange request
      When it is sent with the token of a user who is not covered, and with a damaged one
      Then the refusals do not tell who may be acted for
      And the documented exchange request is granted

    @OBO-ERR-03 @if_administrable
    Scenario: A refusal does not tell whether a user is inactive or deleted
      Given an AI agent of its own that lacks nothing but a privilege
      And a privilege of it for the end user and two others, who have access tokens
      When one of the two is made inactive, and the other deleted
      And the AI agent of its own exchanges the tokens of both
      And the AI agent of its own exchanges a user's token that is not covered, and a damaged one
      Then the refusals do not tell what became of a user
      And its exchange is granted
