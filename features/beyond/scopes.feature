@beyond
Feature: Beyond the guide - scope rules
  Scopes are whole, case-sensitive words separated by spaces, and a request gets none that the privilege does not permit.

  Rule: Task 3.2 step 5e - permissions bound a request as a whole

    @OBO-SCP-01
    Scenario Outline: Of "<scope>" nothing is granted but what is permitted
      Given the exchange request of the AI agent, with the end user's token for "openid read-data write-data admin-action"
      When it is sent for the scope "<scope>"
      Then of it "<unpermitted>" is not granted, nor anything else that is not permitted
      And unchanged it is granted

      Examples:
        | scope                         | unpermitted  |
        | read-data write-data          | write-data   |
        | write-data read-data          | write-data   |
        | read-data admin-action openid | admin-action |

    @OBO-SCP-06
    Scenario Outline: A scope taken from the application is no longer granted by the permissions <permissions>
      Given an application of its own with the scopes "read-data write-data"
      And an AI agent of its own that is permitted <permissions> there
      When it is sent with "scope" "write-data"
      Then the exchange is granted as a control
      When it is sent for "write-data" after the application has lost that scope
      Then "write-data" is not granted
      And unchanged it is granted

      Examples:
        | permissions            |
        | "read-data write-data" |
        | ""                     |

    @OBO-SCP-07
    Scenario Outline: A request for "<scope>" alone is an error
      Given the exchange request of the AI agent, with the end user's token for "openid read-data write-data admin-action"
      When it is sent for "<scope>", none of which is permitted
      Then it is an error, and no token with other scopes
      And unchanged it is granted

      Examples:
        | scope                   |
        | write-data              |
        | write-data admin-action |
        | invented-scope          |

    @OBO-SCP-07 @if_administrable
    Scenario: A request of which nothing is permitted does not get the default scopes
      Given an application of its own with the scopes "read-data write-data"
      And an AI agent of its own that is permitted "read-data" there
      And "read-data" is the default scope of both
      When it is sent with "scope" "write-data"
      Then it is an error, and no token with other scopes
      And unchanged it is granted

  Rule: Task 4.2 step 1 - scopes are compared as they are spelt

    @OBO-SCP-02
    Scenario Outline: The scope <scope>, in another case, is another scope
      Given the exchange request of the AI agent, with the end user's token for "openid read-data write-data admin-action"
      When it is sent for the near miss <scope>
      Then no scope of the application is granted
      And unchanged it is granted

      Examples:
        | scope          |
        | "Read-Data"    |
        | "READ-DATA"    |
        | "Admin-Action" |

    @OBO-SCP-02 @if_administrable
    Scenario Outline: The scope <scope>, in another case, is another scope where every scope is permitted
      Given the exchange request of the second AI agent, with the end user's token for "openid read-data write-data admin-action"
      When it is sent for the near miss <scope>
      Then no scope of the application is granted
      And unchanged it is granted

      Examples:
        | scope          |
        | "READ-DATA"    |
        | "Admin-Action" |

    @OBO-SCP-02 @if_administrable
    Scenario: Permissions tell scopes of the application apart by case
      Given an application of its own with the scopes "read-data Read-Data READ-DATA"
      And an AI agent of its own that is permitted "read-data" there
      When it is sent with "scope" "Read-Data"
      Then no scope of the application is granted
      When it is sent with "scope" "READ-DATA"
      Then no scope of the application is granted
      And unchanged it is granted

    @OBO-SCP-03
    Scenario Outline: The scope <scope> is not "read-data"
      Given the exchange request of the AI agent, with the end user's token for "openid read-data write-data admin-action"
      When it is sent for the near miss <scope>
      Then no scope of the application is granted
      And unchanged it is granted

      Examples:
        | scope                       |
        | "read"                      |
        | "data"                      |
        | "read-data-all"             |
        | "read-data:admin"           |
        | "read-*"                    |
        | "*"                         |
        | "read-data/../admin-action" |

    @OBO-SCP-03 @if_administrable
    Scenario: Permissions tell scopes of the application apart that begin alike
      Given an application of its own with the scopes "read-data read read-data-all read-data:admin"
      And an AI agent of its own that is permitted "read-data" there
      When it is sent with "scope" "read"
      Then no scope of the application is granted
      When it is sent with "scope" "read-data-all"
      Then no scope of the application is granted
      When it is sent with "scope" "read-data:admin"
      Then no scope of the application is granted
      And unchanged it is granted

    @OBO-SCP-04
    Scenario Outline: <joint> does not separate scopes
      Given the exchange request of the AI agent, with the end user's token for "openid read-data write-data admin-action"
      When it is sent for "read-data" and "admin-action", joined by <joint>
      Then no scope of the application is granted
      And unchanged it is granted

      Examples:
        | joint           |
        | a comma         |
        | a newline       |
        | a literal "%20" |

    @OBO-SCP-04 @if_administrable
    Scenario Outline: <joint> does not separate scopes where every scope is permitted
      Given the exchange request of the second AI agent, with the end user's token for "openid read-data write-data admin-action"
      When it is sent for "read-data" and "admin-action", joined by <joint>
      Then no scope of the application is granted
      And unchanged it is granted

      Examples:
        | joint            |
        | a comma          |
        | a tab            |
        | a newline        |
        | a literal "+"    |
        | a literal "%20"  |
        | a no-break space |

    @OBO-SCP-04
    Scenario: A scope that is named twice is granted once
      Given the exchange request of the AI agent, with the end user's token for "openid read-data"
      When it is sent for the scope "read-data read-data"
      Then repeats and order have no effect
      And unchanged it is granted

    @OBO-SCP-04 @if_administrable
    Scenario Outline: The scope "<scope>" is a set, in whatever order
      Given the exchange request of the second AI agent, with the end user's token for "openid read-data write-data admin-action"
      When it is sent for the scope "<scope>"
      Then repeats and order have no effect
      And unchanged it is granted

      Examples:
        | scope                            |
        | read-data admin-action           |
        | admin-action read-data read-data |

  Rule: Task 4.2 step 1 - the user's token as an upper bound

    @OBO-SCP-05
    Scenario: The agent gets no scope that the user's token lacks
      Given the exchange request of the AI agent, with the end user's token for "openid"
      When it is sent
      Then no scope beyond the user's token is granted
      And an exchange as documented is granted

    @OBO-SCP-05 @if_administrable
    Scenario: Where the user's token has no scope the agent gets none
      Given the exchange request of the AI agent, with a token of the end user without a scope
      When it is sent
      Then no scope beyond the user's token is granted
      And an exchange as documented is granted
