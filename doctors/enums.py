"""The fixed vocabularies of a doctor's standing."""

from django.db import models


class Standing(models.TextChoices):
    """What the latest verification left a doctor with."""

    UNVERIFIED = "unverified", "Not verified"
    VERIFIED = "verified", "Verified"
    SUSPENDED = "suspended", "Licence not current"


class StandingNow(models.TextChoices):
    """Standing with today's date taken into account."""

    UNVERIFIED = "unverified", "Not verified"
    VERIFIED = "verified", "Verified"
    SUSPENDED = "suspended", "Licence not current"
    ENDED = "ended", "Licence not current"
    EXPIRED = "expired", "Verification lapsed"


class CredentialKind(models.TextChoices):
    LICENCE = "licence", "Licence"
    BOARD = "board", "Board certification"
    NPI = "npi", "Provider identifier (NPI)"


class VerificationResult(models.TextChoices):
    VERIFIED = "verified", "Verified"
    REFUSED = "refused", "Not verified"
    SUSPENDED = "suspended", "Suspended"
    RESTORED = "restored", "Restored"


class EvidenceKind(models.TextChoices):
    """What a file of evidence may be, by its content."""

    PDF = "pdf", "PDF"
    JPEG = "jpg", "JPEG"
    PNG = "png", "PNG"


class Role(models.TextChoices):
    """Which side of a case a picture shows."""

    BEFORE = "before", "Before"
    AFTER = "after", "After"


class View(models.TextChoices):
    """From where a picture was taken; left and right are those of the person shown."""

    FRONT = "front", "Front"
    LEFT_OBLIQUE = "left-oblique", "Left oblique"
    RIGHT_OBLIQUE = "right-oblique", "Right oblique"
    LEFT = "left", "Left side"
    RIGHT = "right", "Right side"
    BACK = "back", "Back"
    CLOSE_UP = "close-up", "Close-up"


class AgeBand(models.TextChoices):
    """How old somebody is, as coarsely as askers say it of themselves."""

    YOUNG = "18-24", "18–24"
    TWENTIES = "25-34", "25–34"
    THIRTIES = "35-44", "35–44"
    FORTIES = "45-54", "45–54"
    FIFTIES = "55-64", "55–64"
    OLDER = "65+", "65 or older"


class SkinType(models.TextChoices):
    """Fitzpatrick's types: how skin answers the sun, from always burns to never burns."""

    I = "1", "Skin type I"  # noqa: E741  # that is its name
    II = "2", "Skin type II"
    III = "3", "Skin type III"
    IV = "4", "Skin type IV"
    V = "5", "Skin type V"
    VI = "6", "Skin type VI"


class Sex(models.TextChoices):
    FEMALE = "female", "Female"
    MALE = "male", "Male"
    OTHER = "other", "Another"


class Alike(models.TextChoices):
    """In what before and after are to be the same; see docs/adr/0018 for where the nine come from."""

    POSE = "pose", "The same pose"
    ANGLE = "angle", "The same angle and height of the camera"
    DISTANCE = "distance", "The same distance and frame"
    CAMERA = "camera", "The same camera, lens and settings"
    LIGHT = "light", "The same light"
    BACKGROUND = "background", "The same plain background"
    EXPRESSION = "expression", "The same relaxed expression or tension"
    MAKE_UP = "make-up", "No make-up, or the same"
    CLEAR = "clear", "Hair, clothes and jewellery the same, and out of the way"

    @property
    def failing(self) -> str:
        """What is to be said where it is not."""
        return DIFFERS[self]


DIFFERS = {
    Alike.POSE: "The pose differs",
    Alike.ANGLE: "The angle or height of the camera differs",
    Alike.DISTANCE: "The distance or frame differs",
    Alike.CAMERA: "The camera, lens or settings differ",
    Alike.LIGHT: "The light differs",
    Alike.BACKGROUND: "The background differs",
    Alike.EXPRESSION: "The expression or tension differs",
    Alike.MAKE_UP: "There is make-up, and not the same",
    Alike.CLEAR: "Hair, clothes or jewellery differ or cover something",
}


class ShownIn(models.TextChoices):
    """Where on this site somebody agrees to be shown; the case’s own page belongs to each of them."""

    GALLERY = "gallery", "In the galleries of before and after pictures, where search engines find them"
    TREATMENT = "treatment", "On pages about the treatment and beside questions about it"
    DOCTOR = "doctor", "On the doctor’s own page"


class SignedHow(models.TextChoices):
    PAPER = "paper", "On paper"
    SCREEN = "screen", "In person, on a screen"
    LINK = "link", "By the link they were sent"


class ConsentChange(models.TextChoices):
    """What happened to a consent."""

    ASKED = "asked", "Asked for by a link"
    GIVEN = "given", "Given"
    NARROWED = "narrowed", "Narrowed"
    REVOKED = "revoked", "Taken back"
    EXPIRED = "expired", "Ended by its date"
    LINKED = "linked", "New link"


class ConsentParty(models.TextChoices):
    """Who did it."""

    SUBJECT = "subject", "The person in the pictures"
    DOCTOR = "doctor", "The doctor"
    SITE = "site", "This site"


class EndedBy(models.TextChoices):
    """Why nothing is left of a case but its number."""

    SUBJECT = "subject", "removed at the wish of the person in the pictures"
    DOCTOR = "doctor", "removed because consent was taken back"
    ERASED = "erased", "removed because its doctor has left this site"


class Recognisable(models.TextChoices):
    """By what somebody might be recognised; looked for, one by one, before a case is published."""

    FACE = "face", "Face: not shown, or the consent is for being recognisable"
    EYES = "eyes", "Eyes: not shown, or the consent is for being recognisable"
    TATTOO = "tattoo", "Tattoos, scars and birthmarks: none that tell who it is, or covered by the consent"
    JEWELLERY = "jewellery", "Jewellery and clothes: nothing that tells who it is"
    BACKGROUND = "background", "Background: no room, window or other person"
    NAME = "name", "Names: none on a screen, a clipboard, a wristband or a label"
    WORDS = "words", "Words: nothing in the facts tells who it is"


class Verdict(models.TextChoices):
    """What somebody says of having had something done."""

    WORTH_IT = "worth_it", "Worth it"
    NOT_SURE = "not_sure", "Not sure"
    NOT_WORTH_IT = "not_worth_it", "Not worth it"


class Weighed(models.TextChoices):
    """What a verdict rests on. The same list for every verdict: none of them is good or bad by itself."""

    RESULT = "result", "How it turned out"
    LASTING = "lasting", "How long it lasts"
    RECOVERY = "recovery", "Recovery and time off"
    PAIN = "pain", "Pain"
    SIDE_EFFECTS = "side_effects", "Side effects or complications"
    PRICE = "price", "What it cost"
    EXPLAINED = "explained", "Whether it was as explained"
    CARE = "care", "How I was looked after"
    EARLY = "early", "Too early to say"


class CostPart(models.TextChoices):
    """What an amount was paid for."""

    SURGEON = "surgeon", "The doctor"
    FACILITY = "facility", "The clinic or operating room"
    ANAESTHESIA = "anaesthesia", "Anaesthesia"
    PRODUCT = "product", "Product or device"
    FOLLOW_UP = "follow_up", "Follow-up"


class FigureKind(models.TextChoices):
    """What is counted of reviews beyond what each says in public."""

    COSTS = "costs", "What people paid"
    MARKS = "marks", "Marks of a doctor"
    BACK = "back", "Who came back"
