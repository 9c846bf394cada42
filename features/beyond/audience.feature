@beyond
Feature: Beyond the guide - audience
  A token is for the application that the agent asked for and has a privilege on, and for nobody else.

  Rule: Task 4.2 step 1 - the audience asked for is the audience of the token

    @OBO-AUD-01
    Scenario: The agent's token is for the application
      Given the documented exchange request
      When it is sent
      Then the token is for the application alone

    @OBO-AUD-01 @if_administrable
    Scenario: The agent's token is for the application of its two that it asked for
      Given the second application's user has an access token from the second application for "openid write-data"
      When the AI agent exchanges it for "write-data" at the second application
      Then the token is for the second application alone

  Rule: Task 4.2 step 1 - an audience is the whole client ID of an application

    @OBO-AUD-02
    Scenario Outline: An exchange for the audience <audience> is refused
      Given the documented exchange request
      When it is sent to <audience>, which is no application
      Then that audience is refused, or ignored
      And unchanged it is granted

      Examples:
        | audience                     |
        | "no-such-app"                |
        | "https://api.internal/admin" |
        | the user's UUID              |
        | the AI agent's own client ID |
        | the issuer's URL             |

    @OBO-AUD-03
    Scenario Outline: As audience, the application's client ID with <change> is another name
      Given the documented exchange request
      When it is sent to the application's client ID with <change>
      Then it is not taken for an application
      And unchanged it is granted

      Examples:
        | change                     |
        | "2" behind it              |
        | its last character cut off |
        | its case changed           |
        | a space before it          |
        | a space behind it          |
        | "/" behind it              |
        | "#" behind it              |
        | "%00" behind it            |
        | a null character behind it |

    @OBO-AUD-03 @if_administrable
    Scenario Outline: A privilege does not open an application of the same name with <change>
      Given an application of its own with the scopes "read-data"
      And an AI agent of its own that is permitted "read-data" there
      And another application of its own, whose client ID is like that one's with <change>
      When it is sent to the other application
      Then it is not taken for an application
      And unchanged it is granted

      Examples:
        | change                     |
        | "2" behind it              |
        | its last character cut off |

    @OBO-AUD-06
    Scenario Outline: As audience, <first> and <second>, <spelling>, are one unknown name
      Given the documented exchange request
      When it is sent to <first> and <second> in one value, <spelling>
      Then it is not taken for an application
      And unchanged it is granted

      Examples:
        | first           | second          | spelling             |
        | the application | the application | separated by a space |
        | the application | the application | separated by a comma |
        | the application | the application | as a JSON list       |

      @if_administrable
      Examples:
        | first           | second                 | spelling             |
        | the application | the second application | separated by a space |
        | the application | the second application | separated by a comma |
        | the application | the second application | as a JSON list       |

  Rule: Task 4.2 step 1 - each of several audiences is authorised

    @OBO-AUD-04
    Scenario Outline: Asked for <first> and <second>, the agent gets nobody it is not authorised for
      Given the documented exchange request
      When it is sent to <first> and <second>
      Then it is refused, or the token is for the application alone
      And unchanged it is granted

      Examples:
        | first                  | second                 |
        | the application        | the second application |
        | the second application | the application        |
        | the application        | the application        |
        | the application        | an unknown application |

  Rule: Task 4.2 step 1 - resource is no way around audience

    @OBO-AUD-05
    Scenario Outline: <audience> and the resource <resource> give no more than the audience alone
      Given the documented exchange request
      When it is sent to <audience> and the resource <resource>
      Then it is refused, or the token is for the application alone
      And unchanged it is granted

      Examples:
        | audience        | resource                      |
        | no audience     | "https://q.example"           |
        | no audience     | the second application        |
        | the application | the second application        |
        | the application | "https://q.example"           |
        | the application | "relative"                    |
        | the application | "https://q.example/#fragment" |

    @OBO-AUD-05 @if_administrable
    Scenario: A resource opens nothing to an AI agent without a privilege
      Given the documented exchange request
      When an AI agent without a privilege sends it to the application as the resource alone
      Then it is refused, or the token is for no application
      And unchanged it is granted
