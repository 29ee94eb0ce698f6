namespace Kilde.Synthetic;

/// <summary>How a fault of an episode in module ord is written, where it has a place and breaks nothing else.</summary>
internal static class EpisodeFaults
{
    /// <summary>Sarpsborg, which has had another number since 1992.</summary>
    public const string ClosedMunicipality = "0102";

    public const int ClosedSince = 1992;

    private const string Procedure = "Episode/Tjeneste/Tiltak/Prosedyre/Kode";

    /// <summary>Null when the fault is no change of a value, or has no place in the episode.</summary>
    public static Change[]? Of(FileFault fault, Episode episode, Inhabitant person, MessageFrame frame)
    {
        var horizon = new Horizon(frame.To);
        var later = frame.ExtractedOn.AddDays(1);
        var hasEnded = horizon.Includes(episode.Out);
        var isContact = episode.ContactKind is not null;
        // Nothing within it has a time of its own, so that its times may be moved.
        var isPlain = isContact && episode.Procedures.Count == 0 && episode.Moments.Count == 0
            && episode.Measurements.Count == 0 && episode.Decision is null;
        var isYoung = person.AgeOn(DateOnly.FromDateTime(episode.In)) < 1;
        var hasProcedure = episode.Procedures.Exists(procedure => horizon.Includes(procedure.At));
        var hasWard = episode.Wards.Exists(ward => horizon.Includes(ward.In));
        var hasCoercion = episode.Decision is { Coercion: not null } decision && horizon.Includes(decision.CoercionAt);
        return fault switch
        {
            FileFault.OutdatedCode => [Set("innmateHast", "2")],
            FileFault.UnknownCode => [Set("omsorgsniva", "7")],
            FileFault.UnknownHome => [Set("komNrHjem", ClosedMunicipality)],
            FileFault.MalformedDiagnosis => [new("Episode/Tilstand/Kode", "kodeVerdi", "K40.9")],
            FileFault.MalformedProcedure when hasProcedure => [new(Procedure, "kodeVerdi", "JEA0")],
            FileFault.ReversedTimes when hasEnded && isPlain => [Set("utDatoTid", At(episode.In.AddHours(-3)))],
            FileFault.BeginsLater when hasEnded && isPlain && !isYoung && later.Year == frame.To.Year =>
                [Set("innDatoTid", At(later)), Set("utDatoTid", null)],
            FileFault.BeforeBirth when hasEnded && person.BornOn.Year == frame.To.Year =>
                [Set("innDatoTid", At(new DateOnly(person.BornOn.Year - 1, 12, 15)))],
            FileFault.EndsLater when hasEnded => [Set("utDatoTid", At(later))],
            FileFault.EndedEarlier when hasEnded && isPlain && !isYoung && LivesAsBefore(person, frame.From.Year) =>
                [Set("utDatoTid", At(frame.From.AddDays(-1))), Set("innDatoTid", At(frame.From.AddDays(-2)))],
            FileFault.EarlyTreatment when hasProcedure && hasEnded =>
                [new("Episode/Tjeneste", "startDatoTid", At(episode.In.AddHours(-2)))],
            FileFault.ReversedTreatment when hasProcedure && hasEnded =>
                [new("Episode/Tjeneste", "sluttDatoTid", At(episode.In.AddDays(-1)))],
            FileFault.ReversedMeasure when hasProcedure && hasEnded =>
                [new("Episode/Tjeneste/Tiltak", "sluttDatoTid", At(episode.In.AddDays(-1)))],
            FileFault.OriginMissing when episode.FromPlace == 3 => [Set("fraInstitusjonID", null)],
            FileFault.DestinationMissing when hasEnded && episode.ToPlace == 3 => [Set("tilInstitusjonID", null)],
            FileFault.EarlyLetter when hasEnded && episode.Level == 1 =>
                [Set("epikriseDato", $"{episode.In.AddDays(-10):yyyy-MM-dd}")],
            FileFault.EarlyWard when hasWard =>
                [new("Episode/AvdOpp/PostOpp", "innDatoTid", At(episode.In.AddHours(-5)))],
            FileFault.ReversedCoercion when hasCoercion =>
                [new("Episode/Tvang", "tidspunktStopp", At(episode.Decision!.CoercionAt.AddHours(-2)))],
            FileFault.EndConditionMissing when hasEnded => [Set("utTilstand", null)],
            FileFault.ImprobableAge when isYoung => [Set("alderIDager", "400")],
            FileFault.EpisodeCountryMissing => [Set("debitor", "11")],
            FileFault.RequiredMissing => [Set("debitor", null)],
            FileFault.UnknownAttribute => [Set("hastegrad", "1") with { IsAdded = true }],
            FileFault.ImpossibleTime => [Set("innDatoTid", $"{episode.In.Year}-02-30T08:00:00")],
            _ => null,
        };
    }

    /// <summary>Whether a fault that is no change of a value has a place in the episode.</summary>
    public static bool HasPlaceFor(FileFault fault, Episode episode, Horizon horizon) => fault switch
    {
        FileFault.TreatmentSiteMissing or FileFault.DepartmentMissing or FileFault.SectionMissing => true,
        FileFault.SiteWithoutNumber or FileFault.DepartmentWithoutCode => true,
        FileFault.ConditionMissing =>
            horizon.Includes(episode.Out) && episode is { Level: 1 or 2, Procedures.Count: 0 },
        FileFault.ReversedLeave => horizon.Includes(episode.Out) && episode.ContactKind is null,
        FileFault.StaffMissing => episode is { Level: 3, ContactKind: 1 or 2 or 3 },
        FileFault.DuplicateEpisode or FileFault.UnknownUnit or FileFault.UnknownElement or FileFault.WrongOrder => true,
        _ => false,
    };

    private static bool LivesAsBefore(Inhabitant person, int year) =>
        Inhabitants.HomeIn(person, year - 1) == Inhabitants.HomeIn(person, year);

    private static Change Set(string attribute, string? value) => new("Episode", attribute, value);

    private static string At(DateTime time) => $"{time:yyyy-MM-ddTHH:mm:ss}";

    private static string At(DateOnly day) => $"{day:yyyy-MM-dd}T10:00:00";
}
