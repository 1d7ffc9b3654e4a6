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
├── InviterNoLongerAllowed            400
├── LastOwnerCannotLeave              400
├── LastOwnerCannotChangeRole         400
├── NotAMemberBadRequest              400
├── NotAMemberUnauthorized            401
├── NotAMember                        403
├── CallerNotAMember                  403
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
    message = "An organization with this slug already exists. Choose another slug."


class SlugTaken(IdentityError):
    code = "ORGANIZATION_SLUG_ALREADY_TAKEN"
    message = "Organization slug already taken. Choose another slug."


class OrganizationNotFound(IdentityError):
    code = "ORGANIZATION_NOT_FOUND"
    message = "Organization not found. Check the id or the slug."


class NoActiveOrganization(IdentityError):
    code = "NO_ACTIVE_ORGANIZATION"
    message = (
        "No active organization. Send `organizationId`, or set one with /organization/set-active."
    )


class MemberNotFound(IdentityError):
    code = "MEMBER_NOT_FOUND"
    message = "Member not found in the organization. Check the ids in the request."


class RoleNotFound(IdentityError):
    code = "ROLE_NOT_FOUND"
    message = "Role not found. `role` must be one of owner, admin and member."


class AlreadyMember(IdentityError):
    code = "USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION"
    message = "User is already a member of this organization"


class AlreadyInvited(IdentityError):
    code = "USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION"
    message = "User is already invited to this organization. Send `resend` to extend it."


class InvitationNotFound(IdentityError):
    code = "INVITATION_NOT_FOUND"
    message = "Invitation not found. It may have expired, or been accepted, rejected or canceled."


class InviterNoLongerAllowed(IdentityError):
    code = "INVITER_IS_NO_LONGER_A_MEMBER_OF_THE_ORGANIZATION"
    message = "The inviter is no longer a member of the organization, or may no longer invite."


class LastOwnerCannotLeave(IdentityError):
    code = "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER"
    message = "The last owner cannot leave or be removed. Make another member an owner first."


class LastOwnerCannotChangeRole(IdentityError):
    code = "YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER"
    message = "The last owner must stay an owner. Make another member an owner first."


class NotAMember(Forbidden):
    code = "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION"
    message = "User is not a member of the organization"


class NotAMemberBadRequest(NotAMember):
    status = HTTPStatus.BAD_REQUEST


class NotAMemberUnauthorized(NotAMember):
    status = HTTPStatus.UNAUTHORIZED


class CallerNotAMember(Forbidden):
    code = "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION"
    message = "You are not a member of this organization"


class NotTheRecipient(Forbidden):
    code = "YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION"
    message = "You are not the recipient of the invitation"


class EmailNotVerified(Forbidden):
    code = "EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION"
    message = "Email verification required to list the invitations of your email address"


class NotAllowedToUpdateOrganization(Forbidden):
    code = "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION"
    message = "You are not allowed to update this organization"


class NotAllowedToDeleteOrganization(Forbidden):
    code = "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_ORGANIZATION"
    message = "You are not allowed to delete this organization. Only an owner can."


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
    message = "You are not allowed to invite a user with this role. Only an owner can."


class NotAllowedToCancelInvitation(Forbidden):
    code = "YOU_ARE_NOT_ALLOWED_TO_CANCEL_THIS_INVITATION"
    message = "You are not allowed to cancel this invitation"


class NotAllowedToListInvitations(Forbidden):
    code = "YOU_ARE_NOT_ALLOWED_TO_LIST_INVITATIONS"
    message = "You are not allowed to list invitations for this organization"


class InvitationLimitReached(Forbidden):
    code = "INVITATION_LIMIT_REACHED"
    message = "Invitation limit reached. Cancel pending invitations first."


class OrganizationLimitReached(Forbidden):
    code = "YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_ORGANIZATIONS"

    def __init__(self, owned: int) -> None:
        super().__init__(
            "You have reached the maximum number of organizations. No organization was created. "
            f"You own {owned}: delete one, or leave one that has another owner."
        )
