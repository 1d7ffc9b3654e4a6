"""The errors of organizations, their members and invitations; see `app.auth.errors`.

IdentityError
├── OrganizationAlreadyExists         400
├── SlugTaken                         400
├── OrganizationNotFound              400
├── NoActiveOrganization              400
├── MemberNotFound                    400
├── RoleNotFound                      400
├── AlreadyMember                     400
├── AlreadyInvited                    400
├── InvitationNotFound                400
├── InviterGone                       400
├── OnlyOwner                         400
├── WithoutOwner                      400
├── UpdaterIsNotAMember               400
├── AskerIsNotAMember                 401
├── NotAMember                        403
├── NotAMemberOfThis                  403
├── NotTheRecipient                   403
├── EmailNotVerified                  403
├── NotAllowedTo…                     403
├── InvitationLimitReached            403
└── OrganizationLimitReached          403
"""

from http import HTTPStatus

from app.auth.errors import Forbidden, IdentityError


class OrganizationAlreadyExists(IdentityError):
    code = "ORGANIZATION_ALREADY_EXISTS"
    message = "An organization with this slug exists already: choose another slug"


class SlugTaken(IdentityError):
    code = "ORGANIZATION_SLUG_ALREADY_TAKEN"
    message = "Organization slug already taken: choose another"


class OrganizationNotFound(IdentityError):
    code = "ORGANIZATION_NOT_FOUND"
    message = "Organization not found"


class NoActiveOrganization(IdentityError):
    code = "NO_ACTIVE_ORGANIZATION"
    message = "No active organization: name one, or make one active by /organization/set-active"


class MemberNotFound(IdentityError):
    code = "MEMBER_NOT_FOUND"
    message = "Member not found"


class RoleNotFound(IdentityError):
    code = "ROLE_NOT_FOUND"
    message = "Role not found: there are owner, admin and member, one for each member"


class AlreadyMember(IdentityError):
    code = "USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION"
    message = "User is already a member of this organization"


class AlreadyInvited(IdentityError):
    code = "USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION"
    message = "User is already invited to this organization: `resend` prolongs the invitation"


class InvitationNotFound(IdentityError):
    code = "INVITATION_NOT_FOUND"
    message = "Invitation not found: it does not exist, has expired or was answered"


class InviterGone(IdentityError):
    code = "INVITER_IS_NO_LONGER_A_MEMBER_OF_THE_ORGANIZATION"
    message = "Inviter is no longer a member of the organization, or no longer one who may invite"


class OnlyOwner(IdentityError):
    code = "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER"
    message = "An organization keeps its only owner: make somebody else an owner first"


class WithoutOwner(IdentityError):
    code = "YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER"
    message = "You cannot leave the organization without an owner: make somebody else one first"


class NotAMember(Forbidden):
    code = "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION"
    message = "User is not a member of the organization"


class UpdaterIsNotAMember(NotAMember):
    status = HTTPStatus.BAD_REQUEST


class AskerIsNotAMember(NotAMember):
    status = HTTPStatus.UNAUTHORIZED


class NotAMemberOfThis(Forbidden):
    code = "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION"
    message = "You are not a member of this organization"


class NotTheRecipient(Forbidden):
    code = "YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION"
    message = "You are not the recipient of the invitation"


class EmailNotVerified(Forbidden):
    code = "EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION"
    message = "Email verification required to list the invitations of your address"


class NotAllowedToUpdateOrganization(Forbidden):
    code = "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION"
    message = "You are not allowed to update this organization"


class NotAllowedToDeleteOrganization(Forbidden):
    code = "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_ORGANIZATION"
    message = "You are not allowed to delete this organization: only its owners are"


class NotAllowedToUpdateMember(Forbidden):
    code = "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER"
    message = "You are not allowed to update this member"


class NotAllowedToDeleteMember(Forbidden):
    code = "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER"
    message = "You are not allowed to delete this member"


class NotAllowedToInvite(Forbidden):
    code = "YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION"
    message = "You are not allowed to invite users to this organization"


class NotAllowedToInviteAs(Forbidden):
    code = "YOU_ARE_NOT_ALLOWED_TO_INVITE_USER_WITH_THIS_ROLE"
    message = "You are not allowed to invite a user with this role: only an owner is"


class NotAllowedToCancelInvitation(Forbidden):
    code = "YOU_ARE_NOT_ALLOWED_TO_CANCEL_THIS_INVITATION"
    message = "You are not allowed to cancel this invitation"


class NotAllowedToListInvitations(Forbidden):
    code = "YOU_ARE_NOT_ALLOWED_TO_LIST_INVITATIONS"
    message = "You are not allowed to list invitations for this organization"


class InvitationLimitReached(Forbidden):
    code = "INVITATION_LIMIT_REACHED"
    message = "Invitation limit reached: cancel some that are pending"


class OrganizationLimitReached(Forbidden):
    code = "YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_ORGANIZATIONS"

    def __init__(self, owned: int) -> None:
        super().__init__(
            "You have reached the maximum number of organizations. No organization was created. "
            f"You own {owned}: delete one, or leave one that has another owner."
        )
