"""Every route of the application, and how each kind of caller fares: a row or more for each."""

from tenancy.table.account import ACCOUNT
from tenancy.table.clinic import CLINIC
from tenancy.table.console import CONSOLE
from tenancy.table.invitations import INVITATIONS
from tenancy.table.members import MEMBERS
from tenancy.table.organizations import ORGANIZATIONS
from tenancy.table.public import PUBLIC
from tenancy.table.unconfigured import UNCONFIGURED

ROWS = (*PUBLIC, *ACCOUNT, *UNCONFIGURED, *ORGANIZATIONS, *MEMBERS, *INVITATIONS, *CLINIC, *CONSOLE)
