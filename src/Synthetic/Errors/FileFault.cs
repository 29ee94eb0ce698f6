namespace Kilde.Synthetic;

/// <summary>The rule that finds a fault: of structure (STR), of codes (COD), or a content rule.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class BreaksAttribute(string rule) : Attribute
{
    public string Rule => rule;
}

/// <summary>
/// What can be made wrong on purpose in a trust's or a municipality's files. Each breaks one rule; those that break
/// none in their own file are found when files are held together.
/// </summary>
public enum FileFault
{
    /// <summary>ord: an urgency that list 8428 had in earlier years.</summary>
    [Breaks("COD-001")] OutdatedCode = 1,
    /// <summary>ord: a level of care that is not on list 8406.</summary>
    [Breaks("COD-001")] UnknownCode,
    /// <summary>ord: an episode that ended before it began.</summary>
    [Breaks("NPR-EPI-001")] ReversedTimes,
    /// <summary>ord: three references to units, none to the treatment place.</summary>
    [Breaks("NPR-EPI-002")] TreatmentSiteMissing,
    /// <summary>ord: three references to units, none to the department.</summary>
    [Breaks("NPR-EPI-003")] DepartmentMissing,
    /// <summary>ord: three references to units, none to the section.</summary>
    [Breaks("NPR-EPI-004")] SectionMissing,
    /// <summary>ord: an episode that began after the file was made.</summary>
    [Breaks("NPR-EPI-005")] BeginsLater,
    /// <summary>ord: an episode that ended after the file was made.</summary>
    [Breaks("NPR-EPI-006")] EndsLater,
    /// <summary>ord: an episode that was over before the year began.</summary>
    [Breaks("NPR-EPI-007")] EndedEarlier,
    /// <summary>ord: a stay that is over and has no condition.</summary>
    [Breaks("NPR-EPI-009")] ConditionMissing,
    /// <summary>ord: a condition with a dot in its code.</summary>
    [Breaks("NPR-EPI-010")] MalformedDiagnosis,
    /// <summary>ord: a procedure code with a character too few.</summary>
    [Breaks("NPR-EPI-012")] MalformedProcedure,
    /// <summary>ord: a patient from a municipality that is no more.</summary>
    [Breaks("NPR-EPI-014")] UnknownHome,
    /// <summary>ord: a service that ended before it began.</summary>
    [Breaks("NPR-EPI-016")] ReversedTreatment,
    /// <summary>ord: a measure that ended before it began.</summary>
    [Breaks("NPR-EPI-017")] ReversedMeasure,
    /// <summary>ord: a service from before the episode.</summary>
    [Breaks("NPR-EPI-018")] EarlyTreatment,
    /// <summary>ord: an episode that began the year before its patient was born.</summary>
    [Breaks("NPR-EPI-019")] BeforeBirth,
    /// <summary>ord: an episode at a department that has no public code.</summary>
    [Breaks("NPR-EPI-020")] DepartmentWithoutCode,
    /// <summary>ord: an episode at a treatment place that has no organisation number.</summary>
    [Breaks("NPR-EPI-021")] SiteWithoutNumber,
    /// <summary>ord: an episode covered by a convention, in a referral period that names no country.</summary>
    [Breaks("NPR-EPI-022")] EpisodeCountryMissing,
    /// <summary>ord: from another institution that is not named.</summary>
    [Breaks("NPR-ORD-001")] OriginMissing,
    /// <summary>ord: to another institution that is not named.</summary>
    [Breaks("NPR-ORD-002")] DestinationMissing,
    /// <summary>ord: an outpatient met nobody.</summary>
    [Breaks("NPR-ORD-003")] StaffMissing,
    /// <summary>ord: a discharge letter from before the stay.</summary>
    [Breaks("NPR-ORD-004")] EarlyLetter,
    /// <summary>ord: a leave that ended before it began.</summary>
    [Breaks("NPR-ORD-005")] ReversedLeave,
    /// <summary>ord: on the ward before the stay began.</summary>
    [Breaks("NPR-ORD-006")] EarlyWard,
    /// <summary>ord: coercion that stopped before it began.</summary>
    [Breaks("NPR-ORD-007")] ReversedCoercion,
    /// <summary>ord: a newborn of 34 grams.</summary>
    [Breaks("NPR-ORD-008")] ImprobableWeight,
    /// <summary>ord: nothing tells how the patient was at the end.</summary>
    [Breaks("NPR-ORD-009")] EndConditionMissing,
    /// <summary>ord: more days old than a year has.</summary>
    [Breaks("NPR-ORD-010")] ImprobableAge,
    /// <summary>ord: a right to care without the date by which it must begin.</summary>
    [Breaks("NPR-ORD-011")] DeadlineMissing,
    /// <summary>ord: a deadline before the referral came.</summary>
    [Breaks("NPR-ORD-012")] EarlyDeadline,
    /// <summary>ord: a referral that was assessed before it came.</summary>
    [Breaks("NPR-ORD-013")] EarlyAssessment,
    /// <summary>ord: assessed, and nothing tells the right to care.</summary>
    [Breaks("NPR-ORD-014")] RightMissing,
    /// <summary>ord: referred by another institution, and nothing tells since when the patient has waited.</summary>
    [Breaks("NPR-ORD-015")] SeniorityMissing,
    /// <summary>ord: covered by a convention with a country that is not named.</summary>
    [Breaks("NPR-ORD-016")] CountryMissing,
    /// <summary>ord: planned for a week that is not told.</summary>
    [Breaks("NPR-ORD-017")] WeekMissing,
    /// <summary>ord: planned for a time that is not told.</summary>
    [Breaks("NPR-ORD-018")] PlannedTimeMissing,
    /// <summary>ord: a planned week that is written otherwise.</summary>
    [Breaks("NPR-ORD-019")] MalformedWeek,
    /// <summary>ord: a plan that was closed on no day.</summary>
    [Breaks("NPR-ORD-020")] ClosingDayMissing,
    /// <summary>ord: a referral with three references to units, none to the treatment place.</summary>
    [Breaks("NPR-HEN-001")] ReferralSiteMissing,
    /// <summary>ord: a referral with three references to units, none to the department.</summary>
    [Breaks("NPR-HEN-002")] ReferralDepartmentMissing,
    /// <summary>ord: a referral with three references to units, none to the section.</summary>
    [Breaks("NPR-HEN-003")] ReferralSectionMissing,
    /// <summary>ord: a referral to a unit that the message does not have.</summary>
    [Breaks("NPR-HEN-004")] ReferralToUnknownUnit,
    /// <summary>ord: the wait ended, and nothing tells why.</summary>
    [Breaks("NPR-HEN-005")] WaitEndWithoutCode,
    /// <summary>ord: why the wait ended, and not when.</summary>
    [Breaks("NPR-HEN-006")] WaitEndWithoutDay,
    /// <summary>ord: a wait that ended before the referral came.</summary>
    [Breaks("NPR-HEN-007")] EarlyWaitEnd,
    /// <summary>ord: a referral that came after the file was made.</summary>
    [Breaks("NPR-HEN-008")] ReceivedLater,
    /// <summary>ord: a wait counted from after the referral came.</summary>
    [Breaks("NPR-HEN-009")] LateSeniority,
    /// <summary>ord: a referral period closed before it began.</summary>
    [Breaks("NPR-HEN-010")] EarlyClosing,
    /// <summary>ord: a referral of somebody from a municipality that is no more.</summary>
    [Breaks("NPR-HEN-011")] UnknownReferralHome,
    /// <summary>ord: put off before the referral came.</summary>
    [Breaks("NPR-HEN-012")] EarlyPostponement,
    /// <summary>ord: a referral to a department that has no public code.</summary>
    [Breaks("NPR-HEN-013")] ReferralDepartmentWithoutCode,
    /// <summary>ord: a referral to a treatment place that has no organisation number.</summary>
    [Breaks("NPR-HEN-014")] ReferralSiteWithoutNumber,
    /// <summary>ord: a patient who is not born yet.</summary>
    [Breaks("NPR-PAS-001")] LaterBirth,
    /// <summary>ord: a patient born in 1890.</summary>
    [Breaks("INN-001")] ImprobableBirth,
    /// <summary>ord, once a file: a unit whose organisation number has a wrong control digit.</summary>
    [Breaks("NPR-ENH-001")] WrongUnitNumber,
    /// <summary>ord, once a file: an institution whose organisation number has a wrong control digit.</summary>
    [Breaks("NPR-ENH-002")] WrongInstitution,
    /// <summary>Once a file: no contact of type 1.</summary>
    [Breaks("NPR-KON-001")] TechnicalContactMissing,
    /// <summary>Once a file: no contact of type 15.</summary>
    [Breaks("NPR-KON-002")] VendorContactMissing,
    /// <summary>ord: the episode stands twice.</summary>
    [Breaks("STR-030")] DuplicateEpisode,
    /// <summary>ord: a reference to a unit that the message does not have.</summary>
    [Breaks("STR-032")] UnknownUnit,
    /// <summary>ord: an episode without debitor.</summary>
    [Breaks("STR-027")] RequiredMissing,
    /// <summary>ord: an attribute the module does not have.</summary>
    [Breaks("STR-026")] UnknownAttribute,
    /// <summary>ord: an element the module does not have.</summary>
    [Breaks("STR-024")] UnknownElement,
    /// <summary>ord: 30 February.</summary>
    [Breaks("STR-028")] ImpossibleTime,
    /// <summary>ord: the references to units before the contact.</summary>
    [Breaks("STR-024")] WrongOrder,
    /// <summary>ide: a patient with activity is left out; found when activity and identity are held together.</summary>
    IdentityMissing,
    /// <summary>ide: a patient who has no activity; found when activity and identity are held together.</summary>
    IdentityWithoutActivity,
    /// <summary>ide: a number with a wrong control digit.</summary>
    [Breaks("IDE-001")] WrongIdentifier,
    /// <summary>kpp: the total is not the sum of the parts.</summary>
    [Breaks("NPR-KPP-001")] TotalDiffers,
    /// <summary>kpp: a part of the cost is negative.</summary>
    [Breaks("NPR-KPP-002")] NegativeCost,
    /// <summary>kpp: a total without parts.</summary>
    [Breaks("NPR-KPP-003")] PartsMissing,
    /// <summary>pak: a cancer pathway with a code of mental health care.</summary>
    [Breaks("NPR-PAK-001")] ForeignPathway,
    /// <summary>pak: a pathway of mental health care with a code of cancer.</summary>
    [Breaks("NPR-PAK-002")] ForeignMentalPathway,
    /// <summary>pak: a cancer pathway with an event of mental health care.</summary>
    [Breaks("NPR-PAK-003")] ForeignEvent,
    /// <summary>pak: an event from after the file was made.</summary>
    [Breaks("NPR-PAK-004")] LaterEvent,
    /// <summary>pak: a pathway of mental health care with an event of cancer.</summary>
    [Breaks("NPR-PAK-005")] ForeignMentalEvent,
    /// <summary>iplos: more hours of help than a week has.</summary>
    [Breaks("KPR-IPL-003")] HoursOutOfRange,
    /// <summary>iplos: more hours of extra staff than a week has.</summary>
    [Breaks("KPR-IPL-004")] ExtraHoursOutOfRange,
    /// <summary>iplos: help by the hour without hours.</summary>
    [Breaks("KPR-IPL-005")] HoursMissing,
    /// <summary>iplos: a granted service that never began.</summary>
    [Breaks("KPR-IPL-006")] StartMissing,
    /// <summary>iplos: a service that nobody gives.</summary>
    [Breaks("KPR-IPL-007")] ProviderMissing,
    /// <summary>iplos: a provider whose organisation number has a wrong control digit.</summary>
    [Breaks("KPR-IPL-008")] WrongProvider,
    /// <summary>iplos: granted before it was applied for.</summary>
    [Breaks("KPR-IPL-009")] EarlyDecision,
    /// <summary>iplos: a service that began before it was granted.</summary>
    [Breaks("KPR-IPL-010")] EarlyStart,
    /// <summary>iplos: a service that ends before it begins.</summary>
    [Breaks("KPR-IPL-011")] ReversedService,
    /// <summary>iplos: a complaint from before the decision.</summary>
    [Breaks("KPR-IPL-012")] EarlyComplaint,
    /// <summary>iplos: a complaint that was answered before it came.</summary>
    [Breaks("KPR-IPL-013")] EarlyComplaintAnswer,
    /// <summary>iplos: a complaint that was answered, and came on no day.</summary>
    [Breaks("KPR-IPL-014")] ComplaintDayMissing,
    /// <summary>iplos: applied for in 1986.</summary>
    [Breaks("INN-002")] ImprobableApplication,
    /// <summary>iplos: applied for after the year.</summary>
    [Breaks("INN-002")] LaterApplication,
    /// <summary>iplos: decided in 1986.</summary>
    [Breaks("INN-002")] ImprobableDecision,
    /// <summary>iplos: turned down after the year.</summary>
    [Breaks("INN-002")] LaterDecision,
    /// <summary>iplos: a service since 1986.</summary>
    [Breaks("INN-002")] ImprobableStart,
    /// <summary>iplos: a service that begins after the year.</summary>
    [Breaks("INN-002")] LaterStart,
    /// <summary>iplos: a complaint of 1986.</summary>
    [Breaks("INN-002")] ImprobableComplaint,
    /// <summary>iplos: a complaint from after the year.</summary>
    [Breaks("INN-002")] LaterComplaint,
    /// <summary>iplos: medication was reviewed in 1986.</summary>
    [Breaks("INN-002")] ImprobableReview,
    /// <summary>iplos: medication was reviewed after the year.</summary>
    [Breaks("INN-002")] LaterReview,
    /// <summary>iplos: nutrition was screened in 1986.</summary>
    [Breaks("INN-002")] ImprobableScreening,
    /// <summary>iplos: nutrition was screened after the year.</summary>
    [Breaks("INN-002")] LaterScreening,
    /// <summary>iplos: a nutrition plan of 1986.</summary>
    [Breaks("INN-002")] ImprobablePlan,
    /// <summary>iplos: a nutrition plan from after the year.</summary>
    [Breaks("INN-002")] LaterPlan,
    /// <summary>iplos: on the waiting list since 1986.</summary>
    [Breaks("KPR-IPL-029")] ImprobableWait,
    /// <summary>iplos: on the waiting list from after the year.</summary>
    [Breaks("KPR-IPL-030")] LaterWait,
    /// <summary>iplos: rehabilitation since 1986.</summary>
    [Breaks("KPR-IPL-031")] ImprobableRehabilitation,
    /// <summary>iplos: rehabilitation from after the year.</summary>
    [Breaks("KPR-IPL-032")] LaterRehabilitation,
    /// <summary>iplos: a risk of undernutrition that nobody looked for.</summary>
    [Breaks("KPR-IPL-040")] RiskWithoutScreening,
    /// <summary>iplos: a nutrition plan for somebody who is not at risk.</summary>
    [Breaks("KPR-IPL-041")] PlanWithoutRisk,
    /// <summary>iplos: a nutrition plan of no day.</summary>
    [Breaks("KPR-IPL-042")] PlanDayMissing,
    /// <summary>iplos: a nutrition plan from before the screening.</summary>
    [Breaks("KPR-IPL-043")] EarlyPlan,
    /// <summary>iplos: the risk was judged on another day than that of the screening.</summary>
    [Breaks("KPR-IPL-044")] RiskOnAnotherDay,
    /// <summary>iplos: nutrition was screened on no day.</summary>
    [Breaks("KPR-IPL-045")] ScreeningDayMissing,
    /// <summary>iplos: on the waiting list since no day.</summary>
    [Breaks("KPR-IPL-046")] WaitingDayMissing,
    /// <summary>iplos: rehabilitation since no day.</summary>
    [Breaks("KPR-IPL-047")] RehabilitationDayMissing,
    /// <summary>iplos: assistance to work that nobody needs.</summary>
    [Breaks("KPR-IPL-048")] WorkHelpWithoutNeed,
    /// <summary>iplos: transport to work that nobody needs.</summary>
    [Breaks("KPR-IPL-049")] WorkTransportWithoutNeed,
    /// <summary>iplos: assistance to leisure that nobody needs.</summary>
    [Breaks("KPR-IPL-050")] LeisureHelpWithoutNeed,
    /// <summary>iplos: transport to leisure that nobody needs.</summary>
    [Breaks("KPR-IPL-051")] LeisureTransportWithoutNeed,
    /// <summary>iplos: somebody of 150 years.</summary>
    [Breaks("KPR-IPL-060")] ImprobableYears,
    /// <summary>iplos: somebody from a municipality that never was.</summary>
    [Breaks("KPR-IPL-061")] UnknownCareHome,
    /// <summary>iplos: an assessment of function that ends before it begins.</summary>
    [Breaks("KPR-IPL-062")] ReversedFunction,
    /// <summary>iplos: function was assessed in 1986.</summary>
    [Breaks("KPR-IPL-063")] ImprobableFunction,
    /// <summary>iplos: a stay that ends before it begins.</summary>
    [Breaks("KPR-IPL-064")] ReversedStay,
    /// <summary>iplos: a diagnosis with a dot in its code.</summary>
    [Breaks("KPR-IPL-065")] MalformedCareDiagnosis,
    /// <summary>iplos: a user who died after the year.</summary>
    [Breaks("KPR-IPL-066")] LaterDeath,
    /// <summary>iplos: function was assessed after the user had died.</summary>
    [Breaks("KPR-IPL-067")] FunctionAfterDeath,
    /// <summary>iplos: a stay that began after its user had died.</summary>
    [Breaks("KPR-IPL-068")] StayAfterDeath,
    /// <summary>iplos: two decisions on one service with more hours together than a week has.</summary>
    [Breaks("KPR-IPL-069")] HoursTogether,
    /// <summary>iplos: services with more hours together than a week has.</summary>
    [Breaks("KPR-IPL-070")] HoursAcross,
    /// <summary>iplos: a service that began after its user had died.</summary>
    [Breaks("KPR-IPL-071")] ServiceAfterDeath,
    /// <summary>ipl: an event that does not name the one before it.</summary>
    [Breaks("KPR-KJE-001")] BrokenChain,
    /// <summary>ipl: a serial number left out.</summary>
    [Breaks("KPR-KJE-002")] SerialGap,
    /// <summary>ipl: a correction that does not say of what.</summary>
    [Breaks("KPR-KJE-003")] ReferenceMissing,
}
