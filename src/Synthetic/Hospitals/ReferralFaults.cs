namespace Kilde.Synthetic;

/// <summary>How a fault of a referral in module ord is written, where it has a place and breaks nothing else.</summary>
internal static class ReferralFaults
{
    private const string Period = "Henvisningsperiode";
    private const string Referral = "Henvisningsperiode/Henvisning";
    private const string Plan = "Henvisningsperiode/Henvisning/PlanlagtEpisode";

    /// <summary>Null when the fault is no change of a value, or has no place in the referral.</summary>
    public static Change[]? Of(FileFault fault, ReferralPeriod period, MessageFrame frame)
    {
        var horizon = new Horizon(frame.To);
        var isAssessed = horizon.Includes(period.AssessedOn);
        var hasWaited = period.WaitEndedOn is { } endedOn && horizon.Includes(endedOn);
        var isClosed = period.ClosedOn is { } closedOn && horizon.Includes(closedOn);
        var isPostponed = period.Postponements.Exists(postponement => horizon.Includes(postponement.On));
        var before = period.ReceivedOn.AddDays(-20);
        return fault switch
        {
            FileFault.DeadlineMissing when isAssessed && period.Right == 3 => [Set("fristStartBehandling", null)],
            FileFault.EarlyDeadline when isAssessed && period.Right == 3 => [Set("fristStartBehandling", At(before))],
            FileFault.EarlyAssessment when isAssessed => [Set("vurdDato", At(before))],
            FileFault.RightMissing when isAssessed => [Set("rettTilHelsehjelp", null)],
            FileFault.CountryMissing => [Set("debitor", "11")],
            FileFault.UnknownReferralHome when period.ReceivedOn.Year > EpisodeFaults.ClosedSince =>
                [Set("komNrHjem", EpisodeFaults.ClosedMunicipality)],
            FileFault.WaitEndWithoutCode when hasWaited => [Set("ventetidSluttKode", null)],
            FileFault.WaitEndWithoutDay when hasWaited => [Set("ventetidSluttDato", null)],
            FileFault.EarlyWaitEnd when hasWaited => [Set("ventetidSluttDato", At(before))],
            FileFault.ReceivedLater when !isAssessed && !hasWaited && !isClosed && !isPostponed =>
                [Set("mottaksDato", At(frame.ExtractedOn.AddDays(1)))],
            FileFault.SeniorityMissing when period is { From: not null, FromService: 41 or 42 or 44 } =>
                [new(Period, "ansienDato", null)],
            FileFault.LateSeniority => [new(Period, "ansienDato", At(period.ReceivedOn.AddDays(5)))],
            FileFault.EarlyClosing when isClosed => [new(Period, "sluttDato", At(before))],
            FileFault.EarlyPostponement when isPostponed => [new($"{Referral}/Utsettelse", "utsettDato", At(before))],
            FileFault.WeekMissing => [new(Plan, "typeTidPlanlagtEpi", "1")],
            FileFault.PlannedTimeMissing => [new(Plan, "planlagtDatoTid", null)],
            FileFault.MalformedWeek => [new(Plan, "planlagtUke", $"{frame.To.Year}-30", IsAdded: true)],
            FileFault.ClosingDayMissing => [new(Plan, "lukkPlanlagtEpisode", "AA00", IsAdded: true)],
            FileFault.ReferralToUnknownUnit => [new($"{Referral}/RefEnhet", "enhetID", "X999")],
            _ => null,
        };
    }

    /// <summary>Of the references to units, the kind to leave out (list 8476); 0 for none.</summary>
    public static int MissingReference(FileFault? fault) => fault switch
    {
        FileFault.ReferralSiteMissing => 1,
        FileFault.ReferralDepartmentMissing => 7,
        FileFault.ReferralSectionMissing => 2,
        _ => 0,
    };

    /// <summary>Of the references to units, the kind to give a unit without number or code; 0 for none.</summary>
    public static int NamelessReference(FileFault? fault) => fault switch
    {
        FileFault.ReferralSiteWithoutNumber => 1,
        FileFault.ReferralDepartmentWithoutCode => 7,
        _ => 0,
    };

    private static Change Set(string attribute, string? value) => new(Referral, attribute, value);

    private static string At(DateOnly day) => $"{day:yyyy-MM-dd}";
}
