"""Who may reach which address: one table of every URL name × role → status (T-AZ-02, T-AU-11, T-CO-05).

A new address must be entered here, or ``test_every_address_is_in_the_table`` fails. Statuses are those of a GET
of an existing object: 200 shown, 302 sent to sign in or on, 403 and 404 refused, 405 only by form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver

from accounts.composing import unsubscribe_token

pytestmark = pytest.mark.django_db
ROLES = (
    "anonymous",
    "patient",
    "unverified",
    "verified",
    "suspended",
    "moderator",
    "administrator",
    "senior",
)

# The patient asked the questions; the verified and the suspended doctor wrote one answer each, and the suspended
# one has said something of the other's.
TABLE = """
home                                          200 200 200 200 200 200 200
search                                        200 200 200 200 200 200 200
report                                        302 200 200 200 200 200 200
report-sent                                   302 200 200 200 200 200 200
my-reports                                    302 200 200 200 200 200 200
my-appeals                                    302 200 200 200 200 200 200
appeal                                        302 200 404 404 404 404 404
trust                                         200 200 200 200 200 200 200
ledger                                        200 200 200 200 200 200 200
terms                                         200 200 200 200 200 200 200
privacy                                       200 200 200 200 200 200 200
my-privacy                                    302 200 200 200 200 200 200
my-consent                                    302 405 405 405 405 405 405
my-terms                                      302 302 302 302 302 302 302
my-copy                                       302 302 302 302 302 302 302
my-copy-file                                  302 302 302 302 302 302 302
photo                                         404 404 404 404 404 404 404
my-photos                                     401 200 200 200 200 200 200
my-photo                                      302 404 404 404 404 404 404
my-erasure                                    302 302 302 302 302 302 302
my-erasure-undo                               302 405 405 405 405 405 405
gallery                                       200 200 200 200 200 200 200
robots                                        200 200 200 200 200 200 200
favicon                                       301 301 301 301 301 301 301
healthz                                       200 200 200 200 200 200 200
readyz                                        200 200 200 200 200 200 200
sitemap                                       200 200 200 200 200 200 200
sitemap-section                               200 200 200 200 200 200 200
questions:ask                                 302 200 200 200 200 200 200
questions:edit                                302 200 404 404 404 404 404
questions:remove-photo                        302 302 404 404 404 404 404
questions:withdraw                            302 200 404 404 404 404 404
answers:mine                                  302 200 200 200 200 200 200
answers:afterwards                            302 200 404 404 404 404 404
answers:give-fact                             302 200 404 404 404 404 404
answers:ask-fact                              302 403 403 200 403 403 403
answers:list                                  200 200 200 200 200 200 200
answers:feed                                  200 200 200 200 200 200 200
answers:thread-short                          301 301 301 301 301 301 301
answers:card                                  302 302 302 302 302 302 302
answers:card (pending)                        404 404 404 404 404 404 404
answers:thread-feed                           200 200 200 200 200 200 200
answers:write                                 302 403 403 200 403 403 403
answers:thread                                200 200 200 200 200 200 200
answers:thread (pending)                      404 200 404 404 404 200 200
answers:read                                  405 405 405 405 405 405 405
answers:save                                  200 200 200 200 200 200 200
answers:follow                                302 200 200 200 200 200 200
answers:follow-treatment                      302 200 200 200 200 200 200
answers:saved                                 200 200 200 200 200 200 200
answers:kept-here                             200 200 200 200 200 200 200
answers:follows                               302 200 200 200 200 200 200
answers:packet                                200 200 200 200 200 200 200
answers:of-treatment                          200 200 200 200 200 200 200
answers:of-doctor                             200 200 200 200 200 200 200
answers:treatment-feed                        200 200 200 200 200 200 200
answers:uses-csv                              200 200 200 200 200 200 200
answers:answer                                302 302 302 302 302 302 302
answers:history                               200 200 200 200 200 200 200
answers:edit                                  302 404 404 200 404 404 404
answers:withdraw                              302 404 404 200 404 404 404
answers:confirm                               405 405 405 405 405 405 405
answers:helpful                               405 405 405 405 405 405 405
answers:accept                                405 405 405 405 405 405 405
answers:second-opinion                        302 403 403 403 200 403 403
answers:second-opinion (of another's answer)  302 403 403 200 403 403 403
answers:desk                                  302 200 200 200 200 200 200
answers:away                                  302 405 405 405 405 405 405
answers:replies                               302 404 200 200 200 404 404
answers:reply                                 302 404 404 200 404 404 404
answers:reply-delete                          302 405 405 405 405 405 405
answers:draft                                 401 403 403 200 403 403 403
answers:discard                               302 404 404 200 404 404 404
treatments:index                              200 200 200 200 200 200 200
treatments:guide                              200 200 200 200 200 200 200
treatments:uses                               200 200 200 200 200 200 200
treatments:use                                200 200 200 200 200 200 200
doctors:directory                             200 200 200 200 200 200 200
doctors:profile                               200 200 200 200 200 200 200
doctors:profile (pending)                     404 404 200 404 404 200 200
doctors:portrait                              200 200 200 200 200 200 200
doctors:of-treatment                          200 200 200 200 200 200 200
doctors:reviews                               200 200 200 200 200 200 200
doctors:reviews-of-treatment                  200 200 200 200 200 200 200
doctors:review                                302 200 403 403 403 200 200
doctors:my-reviews                            302 200 200 200 200 200 200
doctors:add-entry                             302 200 404 404 404 404 404
doctors:show-visit                            302 200 404 404 404 404 404
doctors:withdraw-review                       302 200 404 404 404 404 404
doctors:review-entry                          302 200 404 404 404 404 404
doctors:withdraw-entry                        302 200 404 404 404 404 404
doctors:desk-reviews                          302 404 200 200 200 404 404
doctors:reply                                 302 404 404 200 404 404 404
doctors:apply                                 302 200 200 200 200 200 200
doctors:apply-you                             302 302 302 302 302 200 200
doctors:apply-credentials                     302 302 302 302 302 302 302
doctors:apply-credential                      302 302 302 302 302 302 302
doctors:apply-file                            405 405 405 405 405 405 405
doctors:apply-places                          302 302 302 302 302 302 302
doctors:apply-place                           302 302 302 302 302 302 302
doctors:apply-more                            302 302 302 302 302 302 302
doctors:apply-review                          302 302 302 302 302 302 302
doctors:edit                                  302 302 302 200 200 302 302
doctors:withdraw-edit                         302 302 302 200 302 302 302
doctors:own-portrait                          302 302 302 200 200 302 302
doctors:new-portrait                          302 302 302 200 302 302 302
doctors:withdraw-portrait                     302 404 404 200 404 404 404
doctors:withdraw                              302 302 200 200 200 302 302
doctors:withdraw-claim                        302 404 404 404 404 404 404
doctors:claim                                 302 404 404 404 404 404 404
doctors:renew                                 302 404 404 404 404 404 404
doctors:case                                  200 200 200 200 200 200 200
doctors:cases-of-treatment                    200 200 200 200 200 200 200
doctors:cases-of-doctor                       200 200 200 200 200 200 200
doctors:case (draft)                          404 404 404 404 404 404 404
doctors:own-cases                             302 302 302 200 200 302 302
doctors:new-case                              302 302 302 200 302 302 302
doctors:own-case                              302 302 302 200 404 302 302
doctors:case-consent                          302 302 302 200 404 302 302
doctors:case-facts                            302 302 302 200 404 302 302
doctors:case-pictures                         302 302 302 200 404 302 302
doctors:case-comparable                       302 302 302 200 404 302 302
doctors:withdraw-case                         302 302 302 200 404 302 302
doctors:consents                              302 302 302 200 200 302 302
doctors:new-consent                           302 302 302 200 302 302 302
doctors:consent                               302 302 302 200 404 302 302
doctors:consent-link                          405 405 405 405 405 405 405
doctors:revoke-consent                        302 302 302 200 404 302 302
doctors:subject-consent                       404 404 404 404 404 404 404
doctors:subject-picture                       404 404 404 404 404 404 404
admin:moderation_consent                      302 403 403 403 403 200 200
accounts:handle                               302 200 200 200 200 200 200
accounts:notifications                        302 200 200 200 200 200 200
accounts:notification                         302 302 404 404 404 404 404
accounts:notifications-read                   302 405 405 405 405 405 405
accounts:notification-settings                302 200 200 200 200 200 200
accounts:unsubscribe                          200 200 200 200 200 200 200
accounts:sign-out                             302 405 405 405 405 405 405
accounts:confirm-address                      200 200 200 200 200 200 200
accounts:sessions                             302 200 200 200 200 200 200
accounts:under-age                            200 200 200 200 200 200 200
accounts:mailed-code                          302 302 302 302 302 302 302
accounts:key-sign-in                          200 302 302 302 302 302 302
account_request_login_code                    200 302 302 302 302 302 302
mfa_login_webauthn                            200 302 302 302 302 302 302
account_login                                 200 302 302 302 302 302 302
account_logout                                302 405 405 405 405 405 405
account_inactive                              200 200 200 200 200 200 200
account_signup                                200 302 302 302 302 302 302
account_reauthenticate                        302 200 200 200 200 200 200
account_email                                 302 200 200 200 200 200 200
account_email_verification_sent               200 200 200 200 200 200 200
account_change_password                       302 200 200 200 200 200 200
account_set_password                          302 302 302 302 302 302 302
account_reset_password                        200 200 200 200 200 200 200
account_confirm_login_code                    302 302 302 302 302 302 302
account_confirm_email                         200 200 200 200 200 200 200
account_reset_password_from_key_done          200 200 200 200 200 200 200
account_reset_password_from_key               200 200 200 200 200 200 200
account_reset_password_done                   200 200 200 200 200 200 200
mfa_index                                     302 200 200 200 200 200 200
mfa_authenticate                              302 302 302 302 302 302 302
mfa_reauthenticate                            302 302 302 302 302 302 302
mfa_activate_totp                             302 302 302 302 302 302 302
mfa_deactivate_totp                           302 404 404 404 404 404 404
mfa_view_recovery_codes                       302 404 404 404 404 404 404
mfa_generate_recovery_codes                   302 302 302 302 302 302 302
mfa_download_recovery_codes                   302 404 404 404 404 404 404
mfa_list_webauthn                             302 200 200 200 200 200 200
mfa_add_webauthn                              302 302 302 302 302 302 302
mfa_reauthenticate_webauthn                   302 302 302 302 302 302 302
mfa_remove_webauthn                           302 302 302 302 302 302 302
mfa_edit_webauthn                             302 302 302 302 302 302 302
admin:moderation_verification                 302 403 403 403 403 302 302
admin:moderation_checks                       302 403 403 403 403 302 302
admin:moderation_due                          302 403 403 403 403 403 200 200
admin:moderation_evidence                     302 403 403 403 403 403 200 200
admin:moderation_visit                        302 403 403 403 403 200 200
admin:moderation_proof                        302 403 403 403 403 403 200 200
admin:moderation_dashboard                    302 403 403 403 403 200 200
admin:moderation_link                         302 403 403 403 403 302 302
admin:moderation_item                         302 403 403 403 403 200 200
admin:moderation_next                         302 403 403 403 403 302 302
admin:moderation_previous                     302 403 403 403 403 302 302
admin:moderation_claim                        302 403 403 403 403 405 405
admin:moderation_edit                         302 403 403 403 403 405 405
admin:moderation_picture                      302 403 403 403 403 405 405
admin:moderation_bulk                         302 403 403 403 403 405 405
admin:moderation_undo                         302 403 403 403 403 405 405
admin:moderation_report                       302 403 403 403 403 200 200
admin:moderation_appeal                       302 403 403 403 403 403 200 200
admin:moderation_account                      302 403 403 403 403 200 200
admin:core_reason_changelist                  302 403 403 403 403 200 200
admin:core_reason_add                         302 403 403 403 403 403 200 200
admin:core_reason_history                     302 403 403 403 403 200 200
admin:core_reason_delete                      302 403 403 403 403 403 403
admin:core_reason_change                      302 403 403 403 403 200 200
admin:core_appeal_changelist                  302 403 403 403 403 403 200 200
admin:core_appeal_add                         302 403 403 403 403 403 403
admin:core_appeal_history                     302 403 403 403 403 403 200 200
admin:core_appeal_delete                      302 403 403 403 403 403 403
admin:core_appeal_change                      302 403 403 403 403 403 302 302
admin:index                                   302 403 403 403 403 200 200
admin:login                                   302 302 302 302 302 302 302
admin:logout                                  302 403 403 403 403 405 405
admin:password_change                         302 403 403 403 403 302 302
admin:password_change_done                    302 403 403 403 403 200 200
admin:autocomplete                            302 403 403 403 403 403 403
admin:jsi18n                                  302 403 403 403 403 200 200
admin:view_on_site                            302 403 403 403 403 404 404
admin:core_auditentry_changelist              302 403 403 403 403 200 200
admin:core_auditentry_add                     302 403 403 403 403 403 403
admin:core_auditentry_history                 302 403 403 403 403 200 200
admin:core_auditentry_delete                  302 403 403 403 403 403 403
admin:core_auditentry_change                  302 403 403 403 403 200 200
admin:core_accessentry_changelist             302 403 403 403 403 403 200 200
admin:core_accessentry_add                    302 403 403 403 403 403 403
admin:core_accessentry_history                302 403 403 403 403 403 200 200
admin:core_accessentry_delete                 302 403 403 403 403 403 403
admin:core_accessentry_change                 302 403 403 403 403 403 200 200
admin:core_report_changelist                  302 403 403 403 403 200 200
admin:core_report_add                         302 403 403 403 403 403 403
admin:core_report_history                     302 403 403 403 403 200 200
admin:core_report_delete                      302 403 403 403 403 403 403
admin:core_report_change                      302 403 403 403 403 302 302
admin:core_holdrule_changelist                302 403 403 403 403 200 200
admin:core_holdrule_add                       302 403 403 403 403 200 200
admin:core_holdrule_history                   302 403 403 403 403 200 200
admin:core_holdrule_delete                    302 403 403 403 403 403 403
admin:core_holdrule_change                    302 403 403 403 403 200 200
admin:accounts_user_changelist                302 403 403 403 403 200 200
admin:accounts_user_add                       302 403 403 403 403 403 403
admin:accounts_user_history                   302 403 403 403 403 200 200
admin:accounts_user_delete                    302 403 403 403 403 403 403
admin:accounts_user_change                    302 403 403 403 403 200 200
admin:treatments_treatment_changelist         302 403 403 403 403 200 200
admin:treatments_treatment_add                302 403 403 403 403 200 200
admin:treatments_treatment_history            302 403 403 403 403 200 200
admin:treatments_treatment_delete             302 403 403 403 403 403 403
admin:treatments_treatment_change             302 403 403 403 403 200 200
admin:treatments_treatment_merge              302 403 403 403 403 200 200
admin:treatments_treatment_merge_into         302 403 403 403 403 200 200
admin:treatments_treatmentuse_changelist      302 403 403 403 403 200 200
admin:treatments_treatmentuse_add             302 403 403 403 403 200 200
admin:treatments_treatmentuse_history         302 403 403 403 403 200 200
admin:treatments_treatmentuse_delete          302 403 403 403 403 403 403
admin:treatments_treatmentuse_change          302 403 403 403 403 200 200
admin:treatments_source_changelist            302 403 403 403 403 200 200
admin:treatments_source_add                   302 403 403 403 403 200 200
admin:treatments_source_history               302 403 403 403 403 200 200
admin:treatments_source_delete                302 403 403 403 403 403 403
admin:treatments_source_change                302 403 403 403 403 200 200
admin:treatments_safetynotice_changelist      302 403 403 403 403 200 200
admin:treatments_safetynotice_add             302 403 403 403 403 200 200
admin:treatments_safetynotice_history         302 403 403 403 403 200 200
admin:treatments_safetynotice_delete          302 403 403 403 403 403 403
admin:treatments_safetynotice_change          302 403 403 403 403 200 200
admin:treatments_bodyarea_changelist          302 403 403 403 403 200 200
admin:treatments_bodyarea_add                 302 403 403 403 403 403 200
admin:treatments_bodyarea_history             302 403 403 403 403 200 200
admin:treatments_bodyarea_delete              302 403 403 403 403 403 403
admin:treatments_bodyarea_change              302 403 403 403 403 200 200
admin:treatments_term_changelist              302 403 403 403 403 200 200
admin:treatments_term_add                     302 403 403 403 403 200 200
admin:treatments_term_history                 302 403 403 403 403 200 200
admin:treatments_term_delete                  302 403 403 403 403 403 403
admin:treatments_term_change                  302 403 403 403 403 200 200
admin:questions_question_changelist           302 403 403 403 403 200 200
admin:questions_question_add                  302 403 403 403 403 403 403
admin:questions_question_history              302 403 403 403 403 200 200
admin:questions_question_delete               302 403 403 403 403 403 403
admin:questions_question_change               302 403 403 403 403 302 302
admin:questions_questionrevision_changelist   302 403 403 403 403 200 200
admin:questions_questionrevision_add          302 403 403 403 403 403 403
admin:questions_questionrevision_history      302 403 403 403 403 200 200
admin:questions_questionrevision_delete       302 403 403 403 403 403 403
admin:questions_questionrevision_change       302 403 403 403 403 302 302
admin:doctors_doctor_changelist               302 403 403 403 403 200 200
admin:doctors_doctor_add                      302 403 403 403 403 200 200
admin:doctors_doctor_history                  302 403 403 403 403 200 200
admin:doctors_doctor_delete                   302 403 403 403 403 403 403
admin:doctors_doctor_change                   302 403 403 403 403 200 200
admin:doctors_specialty_changelist            302 403 403 403 403 200 200
admin:doctors_specialty_add                   302 403 403 403 403 403 200
admin:doctors_specialty_history               302 403 403 403 403 200 200
admin:doctors_specialty_delete                302 403 403 403 403 403 403
admin:doctors_specialty_change                302 403 403 403 403 200 200
admin:answers_answer_changelist               302 403 403 403 403 200 200
admin:answers_answer_add                      302 403 403 403 403 403 403
admin:answers_answer_history                  302 403 403 403 403 200 200
admin:answers_answer_delete                   302 403 403 403 403 403 403
admin:answers_answer_change                   302 403 403 403 403 302 302
admin:answers_answerrevision_changelist       302 403 403 403 403 200 200
admin:answers_answerrevision_add              302 403 403 403 403 403 403
admin:answers_answerrevision_history          302 403 403 403 403 200 200
admin:answers_answerrevision_delete           302 403 403 403 403 403 403
admin:answers_answerrevision_change           302 403 403 403 403 302 302
admin:answers_secondopinion_changelist        302 403 403 403 403 200 200
admin:answers_secondopinion_add               302 403 403 403 403 403 403
admin:answers_secondopinion_history           302 403 403 403 403 200 200
admin:answers_secondopinion_delete            302 403 403 403 403 403 403
admin:answers_secondopinion_change            302 403 403 403 403 302 302
admin:answers_factasked_changelist            302 403 403 403 403 200 200
admin:answers_factasked_add                   302 403 403 403 403 403 403
admin:answers_factasked_history               302 403 403 403 403 200 200
admin:answers_factasked_delete                302 403 403 403 403 403 403
admin:answers_factasked_change                302 403 403 403 403 302 302
admin:answers_factgiven_changelist            302 403 403 403 403 200 200
admin:answers_factgiven_add                   302 403 403 403 403 403 403
admin:answers_factgiven_history               302 403 403 403 403 200 200
admin:answers_factgiven_delete                302 403 403 403 403 403 403
admin:answers_factgiven_change                302 403 403 403 403 302 302
admin:django_tasks_database_dbtaskresult_changelist 302 403 403 403 403 403 200 403
admin:django_tasks_database_dbtaskresult_add  302 403 403 403 403 403 403 403
admin:django_tasks_database_dbtaskresult_history 302 403 403 403 403 403 200 403
admin:django_tasks_database_dbtaskresult_delete 302 403 403 403 403 403 403 403
admin:django_tasks_database_dbtaskresult_change 302 403 403 403 403 403 200 403
admin:accounts_letter_changelist              302 403 403 403 403 403 200 403
admin:accounts_letter_add                     302 403 403 403 403 403 403 403
admin:accounts_letter_history                 302 403 403 403 403 403 200 403
admin:accounts_letter_delete                  302 403 403 403 403 403 403 403
admin:accounts_letter_change                  302 403 403 403 403 403 200 403
admin:app_list                                302 403 403 403 403 200 200
"""
ARGUMENTS: dict[str, Callable[[dict], list]] = {
    "sitemap-section": lambda w: ["threads"],
    "my-copy-file": lambda w: [1],
    "photo": lambda w: ["0" * 32 + ".jpg"],
    "questions:edit": lambda w: [w["question"].pk],
    "my-photo": lambda w: [1],
    "questions:remove-photo": lambda w: [w["question"].pk, 1],
    "questions:withdraw": lambda w: [w["question"].pk],
    "answers:afterwards": lambda w: [w["question"].pk],
    "answers:ask-fact": lambda w: [w["open"].pk],
    "answers:thread": lambda w: [w["question"].pk, w["question"].slug],
    "answers:thread (pending)": lambda w: [w["pending"].pk, w["pending"].slug],
    "answers:card": lambda w: [w["question"].pk, "old"],
    "answers:card (pending)": lambda w: [w["pending"].pk, "old"],
    "answers:thread-short": lambda w: [w["question"].pk],
    "answers:thread-feed": lambda w: [w["question"].pk],
    "answers:write": lambda w: [w["open"].pk],
    "answers:draft": lambda w: [w["open"].pk],
    "answers:discard": lambda w: [w["open"].pk],
    "answers:reply": lambda w: [w["reply"].pk],
    "answers:reply-delete": lambda w: [w["reply"].pk],
    "answers:read": lambda w: [w["question"].pk],
    "answers:save": lambda w: [w["question"].pk],
    "answers:follow": lambda w: [w["question"].pk],
    "answers:follow-treatment": lambda w: ["botox"],
    "answers:second-opinion (of another's answer)": lambda w: [w["other_answer"].pk],
    "answers:of-treatment": lambda w: ["botox"],
    "answers:of-doctor": lambda w: [w["verified"].slug],
    "answers:treatment-feed": lambda w: ["botox"],
    "answers:uses-csv": lambda w: ["botox"],
    "treatments:guide": lambda w: ["botox"],
    "treatments:uses": lambda w: ["botox"],
    "treatments:use": lambda w: ["botox", w["use"].slug],
    **{f"doctors:apply-{name}": lambda w: [w["proof"].pk] for name in ("credential", "file", "place")},
    "doctors:new-portrait": lambda w: [w["free_photo"].name],
    "doctors:withdraw-portrait": lambda w: [w["portrait"].pk],
    "doctors:case": lambda w: [w["case"].pk],
    "doctors:cases-of-treatment": lambda w: ["botox"],
    "doctors:cases-of-doctor": lambda w: [w["verified"].slug],
    "doctors:case (draft)": lambda w: [w["draft_case"].pk],
    **{
        f"doctors:{name}": lambda w: [w["draft_case"].pk]
        for name in (
            "own-case",
            "case-consent",
            "case-facts",
            "case-pictures",
            "case-comparable",
            "withdraw-case",
        )
    },
    **{
        f"doctors:{name}": lambda w: [w["case"].consent_id]
        for name in ("consent", "consent-link", "revoke-consent")
    },
    "doctors:subject-consent": lambda w: ["unknown"],
    "doctors:subject-picture": lambda w: ["unknown", "0" * 32 + ".jpg"],
    "admin:moderation_consent": lambda w: [w["paper"].pk],
    "doctors:claim": lambda w: [w["verified"].slug],
    "doctors:withdraw-claim": lambda w: [w["verified"].slug],
    "doctors:renew": lambda w: [w["proof"].credential_id],
    "doctors:of-treatment": lambda w: ["botox"],
    "doctors:reviews-of-treatment": lambda w: ["botox"],
    **{f"doctors:{name}": lambda w: [w["verified"].slug] for name in ("reviews", "review")},
    **{
        f"doctors:{name}": lambda w: [w["review"].pk]
        for name in ("add-entry", "show-visit", "withdraw-review", "reply")
    },
    **{f"doctors:{name}": lambda w: [w["review_entry"].pk] for name in ("review-entry", "withdraw-entry")},
    "admin:moderation_visit": lambda w: [w["visit"].pk],
    "doctors:profile": lambda w: [w["verified"].slug],
    "doctors:profile (pending)": lambda w: [w["unverified"].slug],
    "answers:give-fact": lambda w: [w["asked_fact"].pk],
    "doctors:portrait": lambda w: [w["verified"].slug, w["verified"].portrait.name.rsplit("/", 1)[-1]],
    "account_confirm_email": lambda w: ["unknown"],
    "account_reset_password_from_key": lambda w: ["1", "unknown-key"],
    "mfa_remove_webauthn": lambda w: [1],
    "mfa_edit_webauthn": lambda w: [1],
    "admin:view_on_site": lambda w: [1, 1],
    "admin:app_list": lambda w: ["questions"],
    "admin:moderation_item": lambda w: ["question", w["pending"].pk],
    "admin:moderation_next": lambda w: ["question", w["pending"].pk],
    "admin:moderation_previous": lambda w: ["question", w["pending"].pk],
    "admin:moderation_claim": lambda w: ["question", w["pending"].pk],
    "admin:moderation_edit": lambda w: ["question", w["pending"].pk],
    "admin:moderation_picture": lambda w: [w["pending"].pk, 1],
    "admin:moderation_undo": lambda w: [1],
    "admin:moderation_link": lambda w: [w["pending"].pk],
    "admin:moderation_appeal": lambda w: [w["appeal"].pk],
    "admin:moderation_account": lambda w: [w["patient_user"].pk],
    "admin:moderation_report": lambda w: [w["report"].pk],
    "admin:moderation_verification": lambda w: [w["unverified"].pk],
    "admin:treatments_treatment_merge": lambda w: [w["treatment"].pk],
    "admin:treatments_treatment_merge_into": lambda w: [w["double"].pk, w["treatment"].pk],
    "admin:moderation_checks": lambda w: [w["unverified"].pk],
    "admin:moderation_due": lambda w: [w["evidence"].verification.credential_id],
    "admin:moderation_proof": lambda w: [w["proof"].pk],
    "admin:moderation_evidence": lambda w: [w["evidence"].pk],
    "admin:password_change": lambda w: [],
    "accounts:confirm-address": lambda w: ["unknown"],
    "accounts:notification": lambda w: [w["notification"].pk],
    "accounts:unsubscribe": lambda w: [unsubscribe_token(w["patient_user"].pk, "question-answered")],
}
PER_ANSWER = ("answer", "history", "edit", "withdraw", "confirm", "helpful", "accept", "second-opinion")
OBJECTS = {
    "core_auditentry": "entry",
    "core_accessentry": "look",
    "core_report": "report",
    "core_reason": "reason",
    "core_appeal": "appeal",
    "core_holdrule": "rule",
    "accounts_user": "patient_user",
    "accounts_letter": "letter",
    "django_tasks_database_dbtaskresult": "task",
    "treatments_treatment": "treatment",
    "treatments_treatmentuse": "use",
    "treatments_source": "source",
    "treatments_safetynotice": "notice",
    "treatments_bodyarea": "area",
    "treatments_term": "term",
    "questions_question": "pending",
    "questions_questionrevision": "edit",
    "doctors_doctor": "unverified",
    "doctors_specialty": "specialty",
    "answers_answer": "answer",
    "answers_answerrevision": "answer_edit",
    "answers_secondopinion": "opinion",
    "answers_factasked": "asked_fact",
    "answers_factgiven": "given_fact",
}


_ROW = re.compile(r"(?P<name>\S.*?)(?P<statuses>(?: +\d{3}){7,8})")


def names(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[str]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = ":".join(part for part in (namespace, entry.namespace) if part)
            yield from names(entry, inner)
        elif entry.name:
            yield f"{namespace}:{entry.name}" if namespace else entry.name


def table() -> dict[str, tuple[int, ...]]:
    """A row of seven gives the senior moderator what it gives the moderator; an eighth column says otherwise."""
    rows = (_ROW.fullmatch(line) for line in TABLE.strip().splitlines())
    found = {row["name"].strip(): tuple(map(int, row["statuses"].split())) for row in rows if row}
    assert {len(statuses) for statuses in found.values()} <= {len(ROLES) - 1, len(ROLES)}
    moderator = ROLES.index("moderator")
    return {
        name: statuses if len(statuses) == len(ROLES) else (*statuses, statuses[moderator])
        for name, statuses in found.items()
    }


def path_of(name: str, world: dict) -> str:
    plain = name.partition(" (")[0]
    if name == "report":
        return f"{reverse(plain)}?about=answer-{world['answer'].pk}"
    if name == "appeal":
        return f"{reverse(plain)}?about=question-{world['rejected'].pk}"
    if name in ARGUMENTS:
        return reverse(plain, args=ARGUMENTS[name](world))
    app, _, action = plain.partition(":")
    if app == "answers" and action in PER_ANSWER:
        return reverse(plain, args=[world["answer"].pk])
    model, _, kind = action.rpartition("_")
    if app == "admin" and kind in {"change", "delete", "history"}:
        return reverse(plain, args=[world[OBJECTS[model]].pk])
    return reverse(plain)


def test_every_address_is_in_the_table() -> None:
    listed = {name.partition(" (")[0] for name in table()}
    assert sorted(set(names()) - listed) == []
    assert sorted(listed - set(names())) == []


@pytest.mark.parametrize("role", ROLES)
def test_everybody_reaches_what_the_table_says_and_nothing_else(
    role: str, world: dict, people: dict, sign_in: Callable[..., Client]
) -> None:
    column = ROLES.index(role)
    client = Client() if role == "anonymous" else sign_in(people[role])
    key = client.cookies[settings.SESSION_COOKIE_NAME].value if role != "anonymous" else ""
    wrong = []
    for name, statuses in table().items():
        if key:
            client.cookies[settings.SESSION_COOKIE_NAME] = key
        response = client.get(path_of(name, world))
        status = response.status_code
        if response.streaming:
            b"".join(response)  # reads and closes the file
        if status != statuses[column]:
            wrong.append(f"{name}: {status}, table says {statuses[column]}")
    assert not wrong, "\n".join(wrong)


def test_what_doctors_alone_reach_asks_for_a_second_factor(world: dict, settings) -> None:
    """T-AU-11: a new page of theirs is not forgotten."""
    anonymous, patient, verified = (ROLES.index(role) for role in ("anonymous", "patient", "verified"))
    theirs = [
        name
        for name, statuses in table().items()
        if statuses[verified] == 200 and 200 not in (statuses[anonymous], statuses[patient])
    ]
    assert len(theirs) >= 10
    open_to_one_factor = [
        name
        for name in theirs
        if name.split(" ")[0] not in settings.SECOND_FACTOR_VIEWS
        and not path_of(name, world).startswith(settings.SECOND_FACTOR_PATHS)
    ]
    assert open_to_one_factor == []
