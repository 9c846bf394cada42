@beyond
Feature: Beyond the guide - protocol hygiene
  Requests are read as RFC 6749 says and no other way, and answers with tokens are kept nowhere.

  Rule: Tasks 4.1 and 4.2 - parameters come in the body of a POST

    @OBO-HYG-01
    Scenario Outline: The <request> request is not served <way>
      Given the end user's access token for "openid"
      And the documented <request> request
      When it is sent <way>
      Then neither a token nor anything about one comes
      And the documented <request> request is granted

      Examples:
        | request       | way                                     |
        | password      | by GET                                  |
        | password      | with everything in the query            |
        | password      | with its token or password in the query |
        | exchange      | by GET                                  |
        | exchange      | with everything in the query            |
        | exchange      | with its token or password in the query |
        | introspection | by GET                                  |
        | introspection | with everything in the query            |
        | introspection | with its token or password in the query |

    @OBO-HYG-01
    Scenario Outline: The client secret has no place in the query of the <request> request
      Given the end user's access token for "openid"
      And the documented <request> request
      When it is sent with the client secret in the query
      Then it should be refused for its client secret in the query
      And the documented <request> request is granted

      Examples:
        | request       |
        | password      |
        | exchange      |
        | introspection |

    @OBO-HYG-03
    Scenario Outline: A repeated "<parameter>" is refused: <request> request
      Given the documented <request> request
      When it is sent with "<parameter>" twice
      Then the repeated "<parameter>" should be refused
      And the documented <request> request is granted

      Examples:
        | request  | parameter          |
        | exchange | grant_type         |
        | exchange | subject_token      |
        | exchange | subject_token_type |
        | exchange | scope              |
        | exchange | client_id          |
        | exchange | client_secret      |
        | password | username           |

    @OBO-HYG-03
    Scenario Outline: Two values of "<parameter>" are refused: <request> request
      Given the documented <request> request
      When it is sent with another "<parameter>" behind, and before, the right one
      Then two values of "<parameter>" are refused
      And the documented <request> request is granted

      Examples:
        | request  | parameter          |
        | exchange | grant_type         |
        | exchange | subject_token      |
        | exchange | subject_token_type |
        | exchange | scope              |
        | exchange | client_id          |
        | exchange | client_secret      |
        | password | username           |

    @OBO-HYG-04
    Scenario Outline: An unknown parameter of the <request> request is ignored
      Given the end user's access token for "openid"
      And the documented <request> request
      When it is sent with "foo" "bar"
      Then the documented <request> request is granted
      And the unknown parameter is ignored

      Examples:
        | request       |
        | password      |
        | exchange      |
        | introspection |

    @OBO-HYG-04
    Scenario Outline: A parameter "<parameter>" without a value counts as absent
      Given the documented exchange request
      When it is sent with "<parameter>" empty, and without it
      Then "<parameter>" without a value counts as absent
      And the documented exchange request is granted

      Examples:
        | parameter            |
        | actor_token          |
        | resource             |
        | requested_token_type |
        | scope                |
        | audience             |

    @OBO-HYG-05
    Scenario: Special characters in a password are decoded exactly
      Given the password request of a user whose password has special characters
      When it is sent
      Then the special characters are understood
      When it is sent unencoded
      Then the special characters are not understood

    @OBO-HYG-05
    Scenario: Special characters in secret and scope are decoded exactly in the body
      Given the password request of a client whose secret and scope have special characters, by client_secret_post
      When it is sent
      Then the special characters of the scope are understood
      When it is sent unencoded
      Then the special characters are not understood

    @OBO-HYG-05
    Scenario: Special characters in a secret are decoded exactly in the Authorization header
      Given the password request of a client whose secret and scope have special characters, by client_secret_basic
      When it is sent
      Then the special characters of the scope are understood

    @OBO-HYG-06
    Scenario Outline: Odd input is refused cleanly: the exchange request <oddity>
      Given the documented exchange request
      When it is sent <oddity>
      Then it should be refused cleanly
      And the documented exchange request is granted

      Examples:
        | oddity                               |
        | as JSON                              |
        | as multipart/form-data               |
        | in another charset                   |
        | with a subject token of one mebibyte |
        | with a NUL in its subject token      |

    @OBO-HYG-06
    Scenario: A thousand unknown parameters are refused cleanly, or ignored
      Given the documented exchange request
      When it is sent with a thousand unknown parameters
      Then it should be refused cleanly or they are ignored
      And the documented exchange request is granted

  Rule: Tasks 4.1 and 4.2 - answers with tokens are kept nowhere, and travel encrypted

    @OBO-HYG-02
    Scenario Outline: The answer to a <request> request is not kept in a cache, granted or refused
      Given the end user's access token for "openid"
      And the documented <request> request
      When it is sent
      Then the answer is not to be kept in a cache
      When it is sent with no client secret
      Then the answer is not to be kept in a cache
      And the documented <request> request is granted

      Examples:
        | request       |
        | password      |
        | exchange      |
        | introspection |

    @OBO-HYG-07
    Scenario Outline: The <endpoint> endpoint is served over TLS only
      Given a tenant that is reached over a network
      When the <endpoint> endpoint is asked over plain HTTP, without credentials
      Then nothing is served without encryption
      And the documented password request is granted

      Examples:
        | endpoint      |
        | token         |
        | introspection |
