"""The errors of the Better Auth protocol: a `code` that clients know, and a `message` to show.

IdentityError
├── InvalidIdentityRequest            400
├── InvalidEmail                      400
├── NothingToUpdate                   400
├── EmailCannotBeUpdated              400
├── PasswordTooShort                  400
├── PasswordTooLong                   400
├── InvalidPassword                   400
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
├── Unauthorized                      401
├── AskerIsNotAMember                 401
├── InvalidEmailOrPassword            401
├── InvalidReturnAddress              403
├── NotAMember                        403
├── NotAMemberOfThis                  403
├── NotTheRecipient                   403
├── EmailNotVerified                  403
├── NotAllowedTo…                     403
├── InvitationLimitReached            403
├── OrganizationLimitReached          403
├── IdentityRequestTooLarge           413
├── IdentityUnsupportedMediaType      415
├── UserAlreadyExists                 422
├── TooManyRequests                   429
├── IdentityUnavailable               503
└── NotConfigured                     as Better Auth
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import ClassVar

from app.errors import DomainError, Reason, Refused
from app.web.errors import UnsupportedMediaType
from app.web.origins import CROSS_SITE


class IdentityError(DomainError):
    """`message` is what the error says, unless it is raised with words of its own."""

    status = HTTPStatus.BAD_REQUEST
    code: str
    message: str = ""

    def __init__(self, message: str = "") -> None:
        told = message or self.message
        super().__init__(told, code=self.code, message=told)


class InvalidIdentityRequest(IdentityError):
    code = "VALIDATION_ERROR"


class InvalidEmail(IdentityError):
    code = "INVALID_EMAIL"
    message = "Invalid email: it must be an e-mail address"


class NothingToUpdate(IdentityError):
    code = "NO_FIELDS_TO_UPDATE"
    message = "No fields to update"


class EmailCannotBeUpdated(IdentityError):
    code = "EMAIL_CAN_NOT_BE_UPDATED"
    message = "Email can not be updated"


class PasswordTooShort(IdentityError):
    code = "PASSWORD_TOO_SHORT"


class PasswordTooLong(IdentityError):
    code = "PASSWORD_TOO_LONG"


class InvalidPassword(IdentityError):
    code = "INVALID_PASSWORD"
    message = "Invalid password"


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


class Unauthorized(IdentityError):
    status = HTTPStatus.UNAUTHORIZED
    code = "UNAUTHORIZED"
    message = "Unauthorized: sign in first"


class InvalidEmailOrPassword(IdentityError):
    status = HTTPStatus.UNAUTHORIZED
    code = "INVALID_EMAIL_OR_PASSWORD"
    message = "Invalid email or password"


class Forbidden(IdentityError):
    status = HTTPStatus.FORBIDDEN


class InvalidReturnAddress(Forbidden):
    """An address to return to that leads to another site."""

    codes: ClassVar[Mapping[str, str]] = {
        "callbackURL": "INVALID_CALLBACK_URL",
        "redirectTo": "INVALID_REDIRECT_URL",
        "errorCallbackURL": "INVALID_ERROR_CALLBACK_URL",
        "newUserCallbackURL": "INVALID_NEW_USER_CALLBACK_URL",
    }

    def __init__(self, field: str = "callbackURL") -> None:
        self.code = self.codes[field]
        super().__init__(
            f"Invalid {field}: it must be a path, or a page of this server or of one of the "
            "TRUSTED_ORIGINS"
        )


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


class IdentityRequestTooLarge(IdentityError):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "PAYLOAD_TOO_LARGE"


class IdentityUnsupportedMediaType(IdentityError):
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    headers = UnsupportedMediaType.headers
    code = "UNSUPPORTED_MEDIA_TYPE"


class UserAlreadyExists(IdentityError):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"
    message = "User already exists. Use another email."


class TooManyRequests(IdentityError):
    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "TOO_MANY_REQUESTS"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many attempts: try again in {seconds} seconds")
        # Better Auth's client reads the second.
        self.headers = {"Retry-After": str(seconds), "X-Retry-After": str(seconds)}


class IdentityUnavailable(IdentityError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "SERVICE_UNAVAILABLE"


class NotConfigured(IdentityError):
    """What Better Auth answers where mail, providers or a feature are not configured."""

    def __init__(self, status: HTTPStatus, code: str, message: str) -> None:
        self.status, self.code = status, code
        super().__init__(message)


def refused_origin(reasons: Sequence[Reason], origin: str | None) -> Refused:
    """Return a refusal of the guard with the code that Better Auth has for an `Origin` header."""
    code = None
    if CROSS_SITE in reasons:
        is_given = origin and origin != "null"
        code = "INVALID_ORIGIN" if is_given else "MISSING_OR_NULL_ORIGIN"
    return Refused(reasons, code)
