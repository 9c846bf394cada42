@beyond
Feature: Beyond the guide - delegation chains
  Who exchanges an agent's token is added to those who act for the user, and gets no more than the token has.

  Rule: Task 4.2 step 2 - "act" names who exchanged, around who did before

    @OBO-ACT-01
    Scenario: The agents of a chain are named in order
      Given the end user's access token for "openid read-data"
      When the AI agent, the second AI agent and the AI agent again exchange it one after the other
      Then "act" names them in that order after each exchange, or the chain was refused

    @OBO-ACT-04
    Scenario Outline: <client> can't exchange the actor away
      Given the end user's access token for "openid read-data"
      And the AI agent has exchanged it for "read-data"
      When <client> exchanges the agent's token along every route
      Then it is refused along each, or the token still names the AI agent in "act"
      And an exchange as documented is granted

      Examples:
        | client              |
        | the AI agent        |
        | the second AI agent |
        | the application     |

      @if_administrable
      Examples: A client that only a service account makes
        | client                                           |
        | an ordinary client with the token exchange grant |

    @OBO-ACT-04 @if_administrable
    Scenario: An actor token does not replace the actor
      Given the end user's access token for "openid read-data"
      And the AI agent has exchanged it for "read-data"
      And an AI agent of its own that also acts for itself
      When the AI agent of its own exchanges the agent's token along every route
      Then it is refused along each, or the token still names the AI agent in "act"

    @OBO-ACT-08
    Scenario Outline: Two AI agents that exchange one token <order> are not mixed up
      Given the end user's access token for "openid read-data"
      When the AI agent and the second AI agent exchange it <order>
      Then each token names the AI agent that exchanged it, as actor and as client

      Examples:
        | order             |
        | in turn           |
        | ten times at once |

    @OBO-ACT-09
    Scenario: A chain does not grow until something breaks
      Given the end user's access token for "openid read-data"
      When the AI agent and the second AI agent pass it on by turns, 10 times each
      Then the chain ends with a clean refusal, or goes on to the last

    @OBO-ACT-09
    Scenario: Only identity claims stand in "act"
      Given the end user's access token for "openid read-data"
      And the AI agent has exchanged it for "read-data"
      Then "act" holds nothing but what identifies an actor

    @OBO-ACT-09 @if_administrable
    Scenario: Only identity claims of an actor token get into "act"
      Given an AI agent of its own that also acts for itself
      When the AI agent of its own exchanges a user's token with its own as actor token
      Then "act" holds nothing but what identifies an actor

  Rule: Task 4.2 step 1 - each exchange needs a privilege, and starts from what the token has

    @OBO-ACT-02
    Scenario Outline: The privilege of an earlier actor does not count: <agent>, <user>
      Given <user> has an access token for "openid read-data"
      And the AI agent has exchanged it for "read-data"
      When <agent> exchanges the agent's token for "read-data" at the application
      Then the audience is refused
      And an exchange as documented is granted

      Examples:
        | agent                           | user                           |
        | an AI agent without a privilege | the end user                   |
        | the second AI agent             | a member of the selected group |

    @OBO-ACT-02
    Scenario: The permissions of an earlier actor do not count
      Given the end user's access token for "openid read-data write-data"
      And the second AI agent has exchanged it for "read-data write-data"
      When the AI agent exchanges the agent's token for "write-data" at the application
      Then "write-data" is not granted
      And an exchange as documented is granted

    @OBO-ACT-03
    Scenario Outline: Exchanging an agent's token for "<scope>" adds no scope
      Given the end user's access token for "openid read-data write-data"
      And the AI agent has exchanged it for "read-data"
      When the second AI agent exchanges the agent's token for "<scope>" at the application
      Then "write-data" is not granted
      When the second AI agent exchanges it for "<scope>" at the application
      Then the exchange is granted as a control

      Examples:
        | scope                |
        | write-data           |
        | read-data write-data |

    @OBO-ACT-03 @if_administrable
    Scenario: Exchanging an agent's token adds no audience
      Given an AI agent of its own with a privilege for "read-data" at the application and one for "write-data" at the second
      And the end user's access token for "openid read-data write-data"
      And the second AI agent has exchanged it for "write-data"
      When the AI agent of its own exchanges the agent's token for "write-data" at the second application
      Then the audience is refused, or the token is not for the second application either
      When the AI agent of its own exchanges a token that the user got at the second application for "write-data" there
      Then the exchange is granted as a control

    @OBO-ACT-05
    Scenario: Exchanging an agent's token prolongs nothing
      The next AI agent is the second one or, where there is none, the AI agent itself.

      Given the end user's access token for "openid read-data"
      And the AI agent has exchanged it for "read-data"
      When a token that the next AI agent gets from the user's would outlive the agent's
      And the next AI agent exchanges the agent's token, and what it got again
      Then it is refused, or what it got expires no later than the agent's token

    @OBO-ACT-09 @if_administrable
    Scenario: Whom "may_act" does not name may not act
      Given the end user's access token for "openid read-data"
      And "may_act" of that token says who may exchange it
      When the AI agent and the second AI agent exchange it in turn
      Then an AI agent that "may_act" does not name is refused

  Rule: Task 4.2 step 1 - the actor is the client that authenticated

    @OBO-ACT-06
    Scenario Outline: The actor is not <token>
      Given the documented exchange request
      When it is sent with <token> as actor token
      Then it is refused, or the AI agent is still the actor
      And the documented exchange request is granted

      Examples:
        | token                                  |
        | the second AI agent's token            |
        | a forged token of the second AI agent  |
        | the user's own token                   |
        | another user's token                   |

      @if_administrable
      Examples: Tokens that need further clients
        | token                              |
        | an autonomous AI agent's own token |
        | an unrelated client's own token    |
        | an expired token                   |

    @OBO-ACT-06
    Scenario Outline: A parameter "<parameter>" of the exchange does not decide who the actor is
      Given the documented exchange request
      When it is sent with "<parameter>" naming the second AI agent
      Then it is refused, or the AI agent is still the actor
      And the documented exchange request is granted

      Examples:
        | parameter |
        | act       |
        | act.sub   |
        | actor     |
        | claims    |

    @OBO-ACT-07
    Scenario: Incomplete and invalid actor tokens are refused
      Given the end user's access token for "openid read-data"
      And the AI agent has exchanged it for "read-data"
      When the AI agent sends a token of its own as actor token, spoilt in each way
      Then each is refused, unless the tenant knows no actor tokens
      And an exchange as documented is granted

    @OBO-ACT-07 @if_administrable
    Scenario: Incomplete and invalid actor tokens are refused to an AI agent that could have a right one
      Given an AI agent of its own that also acts for itself
      When the AI agent of its own sends a token of its own as actor token, spoilt in each way
      Then each is refused, unless the tenant knows no actor tokens
