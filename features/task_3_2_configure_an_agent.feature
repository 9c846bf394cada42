@task_3_2
Feature: Task 3.2 Configure an AI agent
  The agent's client is set up for token exchange, and its privileges say for which application, for whom, and for what.

  Rule: Steps 1 to 4c - grant type and authentication method

    @OBO-3.2-01 @if_administrable
    Scenario: The AI agent shows what was set on its Access tab
      When the administrator opens the AI agent
      Then token exchange is among its grant types
      And its token endpoint authentication method is client_secret_post
      And provider overrides, client-side tokens and audience parameters are switched on

    @OBO-3.2-02
    Scenario Outline: <client> cannot exchange without the token exchange grant
      Given the documented exchange request
      When <client> sends it with credentials of its own
      Then the client is refused the exchange grant
      And the documented exchange request is granted

      Examples:
        | client                                       |
        | an AI agent without the token exchange grant |
        | the application                              |

  Rule: Steps 4d to 4g - OAuth provider overrides

    @OBO-3.2-03
    Scenario: With client-side tokens the agent's token is a JWT
      Given the documented exchange request
      When it is sent
      Then the access token is a self-contained JWT

    @OBO-3.2-04
    Scenario: Without provider overrides the two settings below them do not apply
      Given an AI agent of its own that exchanges tokens
      When it exchanges a token while its provider overrides are off
      Then the answer follows the provider's settings
      And the AI agent still exchanges tokens once they are on again

    @OBO-3.2-05
    Scenario: Without accepted audience parameters the audience is not in the token
      Given an AI agent of its own that exchanges tokens
      When it exchanges a token while it does not accept audience parameters
      Then the audience is refused, or the token is not for the application
      And the AI agent still exchanges tokens once they are accepted again

  Rule: Steps 5a to 5c - add an application

    @OBO-3.2-06
    Scenario: An AI agent without a privilege is refused
      Given the documented exchange request
      When an AI agent without a privilege sends it with credentials of its own
      Then the audience is refused
      And the documented exchange request is granted

    @OBO-3.2-06
    Scenario: A privilege on one application does not open another
      Given the end user's access token for "openid read-data write-data"
      When the second AI agent exchanges it for "write-data" at the second application
      Then the audience is refused
      When the second AI agent exchanges it for "write-data" at the application
      Then the exchange is granted as a control

    @OBO-3.2-07
    Scenario: A privilege that only names the application authorises nothing
      Given an AI agent of its own that lacks nothing but a privilege
      And the end user's access token for "openid read-data"
      When a privilege is saved that names the application only
      And the AI agent of its own exchanges it for "read-data"
      Then the half-saved privilege authorises nothing
      And the exchange is granted once the privilege has the end user as subject and permits "read-data"
      And it is refused again once the privilege only names the application

  Rule: Step 5d - subjects and subject groups

    @OBO-3.2-08
    Scenario: A selected user is accepted, another is refused
      Given the end user's access token for "openid read-data"
      When the AI agent exchanges it for "read-data" at the application
      Then the exchange is granted
      Given a user who is not covered has an access token for "openid read-data"
      When the AI agent exchanges it for "read-data" at the application
      Then the exchange is refused

    @OBO-3.2-09
    Scenario Outline: With a group selected, a token of <user> is accepted
      Given <user> has an access token for "openid read-data"
      When the AI agent exchanges it for "read-data" at the application
      Then the exchange is granted

      Examples:
        | user                           |
        | a member of the selected group |
        | the end user                   |

    @OBO-3.2-09
    Scenario: A member of a group that is not selected is refused
      Given a member of another group has an access token for "openid read-data"
      When the AI agent exchanges it for "read-data" at the application
      Then the exchange is refused
      Given a member of the selected group has an access token for "openid read-data"
      When the AI agent exchanges it for "read-data" at the application
      Then the exchange is granted

    @OBO-3.2-10
    Scenario: Without subjects and subject groups nobody is covered
      Given an AI agent of its own that lacks nothing but a privilege
      And the end user's access token for "openid read-data"
      When a privilege is saved that permits "read-data" at the application to nobody
      And the AI agent of its own exchanges it for "read-data"
      Then no end user is covered
      And the exchange is granted once the privilege has the end user as subject and permits "read-data"
      And it is refused again once the privilege permits "read-data" to nobody

  Rule: Step 5e - permissions

    @OBO-3.2-11
    Scenario Outline: Permissions keep "<scope>" from the agent
      Given the end user's access token for "openid read-data write-data admin-action"
      When the AI agent exchanges it for "<scope>" at the application
      Then "<scope>" is not granted
      When the AI agent exchanges it for "read-data" at the application
      Then the exchange is granted as a control

      Examples:
        | scope        |
        | write-data   |
        | admin-action |
        | openid       |
        | read-dat     |

    @OBO-3.2-12
    Scenario Outline: With empty permissions the agent gets "<scope>"
      Given the end user's access token for "openid read-data write-data admin-action"
      When the second AI agent exchanges it for "<scope>" at the application
      Then "<scope>" is granted

      Examples:
        | scope                                    |
        | openid                                   |
        | read-data                                |
        | write-data                               |
        | admin-action                             |
        | openid read-data write-data admin-action |

    @OBO-3.2-12
    Scenario Outline: With empty permissions the agent does not get <scope>, which the application does not have
      Given the end user's access token for "openid read-data write-data admin-action"
      When the second AI agent exchanges it for <scope> at the application
      Then <scope> is not granted
      When the second AI agent exchanges it for "read-data" at the application
      Then the exchange is granted as a control

      Examples:
        | scope                                        |
        | a scope that only the second application has |
        | an invented scope                            |

    @OBO-3.2-14
    Scenario Outline: One privilege does not lend what another lacks: <user>, "<scope>", <application>
      Given <user> has an access token from <application> for "<held>"
      When the AI agent exchanges it for "<scope>" at <application>
      Then no privilege alone covers it

      Examples:
        | user                          | held              | scope      | application            |
        | the end user                  | openid write-data | write-data | the application        |
        | the end user                  | openid write-data | write-data | the second application |
        | the second application's user | openid read-data  | read-data  | the application        |
        | the second application's user | openid write-data | write-data | the application        |

    @OBO-3.2-14 @if_administrable
    Scenario: The permissions of one privilege do not widen another for the same user
      Given an AI agent of its own with a privilege for "read-data" at the application and one for "write-data" at the second
      And the end user's access token for "openid read-data write-data"
      When the AI agent of its own exchanges it for "write-data"
      Then no privilege alone covers it

    @OBO-3.2-14
    Scenario Outline: What one privilege covers is granted: <user>, "<scope>", <application>
      Given <user> has an access token from <application> for "openid <scope>"
      When the AI agent exchanges it for "<scope>" at <application>
      Then the exchange is granted

      Examples:
        | user                          | scope      | application            |
        | the end user                  | read-data  | the application        |
        | the second application's user | write-data | the second application |

  Rule: Step 6 - save

    @OBO-3.2-13
    Scenario: The privilege is saved as it was entered, custom values included
      Given an AI agent of its own that lacks nothing but a privilege
      And the end user's access token for "openid read-data"
      When a privilege is saved with the end user, a group, "read-data" and the custom value "x-custom"
      Then the privilege holds the application, the end user, the group, "read-data" and "x-custom"
      When the description of the privilege alone is changed
      Then the privilege holds the application, the end user, the group, "read-data" and "x-custom"
      And the AI agent of its own exchanges tokens by it
      When the AI agent of its own exchanges it for "x-custom"
      Then "x-custom" should not be granted
