using Kilde.Definitions.Reading;
using Kilde.Intake.Headers;
using Kilde.Intake.Overview;
using Kilde.Kernel;

namespace Kilde.Intake.Judging;

/// <summary>Why an XML message is rejected, by the number its submission carries.</summary>
public enum RejectionCode
{
    /// <summary>Not XML, or not readable to its end.</summary>
    NotReadable = 3101,

    /// <summary>No definition takes it: namespace, version, attachments.</summary>
    FormatNotSupported,

    /// <summary>Its definition refuses it; the findings say why.</summary>
    RefusedByDefinition,

    /// <summary>The unit is not set up for the type.</summary>
    SenderNotConfigured,

    /// <summary>It holds institutions that its sender does not report for.</summary>
    InstitutionNotOfSender,

    /// <summary>A message of a whole year does not begin on 1 January.</summary>
    PeriodNotWhole,
}

/// <summary>What became of a received message.</summary>
/// <param name="Rejection">Null when it was accepted.</param>
/// <param name="Errors">What the receipt says.</param>
internal sealed record Verdict(
    RejectionCode? Rejection, int RecordCount, IReadOnlyList<Finding> Findings, int FindingCount,
    IReadOnlyList<AppRecError> Errors)
{
    // More breaches than this of what refused a message tell its sender nothing new.
    private const int RefusalsToldMax = 20;

    /// <summary>What the message says of itself; null when it could not be read to its end.</summary>
    public Judgement? Judgement { get; private init; }

    public AppRecStatus Status => Rejection is not null ? AppRecStatus.Rejected
        : Errors.Count > 0 ? AppRecStatus.OkWithErrors
        : AppRecStatus.Ok;

    public static Verdict Accept(MessageOutcome outcome) => new(
        null, outcome.RecordCount, [.. outcome.Findings, .. outcome.Remarks],
        outcome.FindingCount + outcome.UncheckedSystems.Count, ErrorsOfContent(outcome))
    {
        RuleCounts = outcome.RuleCounts,
    };

    public static Verdict Refuse(MessageOutcome outcome) => new(
        IsReadable(outcome) ? RejectionCode.RefusedByDefinition : RejectionCode.NotReadable, outcome.RecordCount,
        outcome.Findings, outcome.FindingCount, ErrorsOfRefusal(outcome))
    {
        RuleCounts = outcome.RuleCounts,
    };

    private static bool IsReadable(MessageOutcome outcome) => !outcome.Findings.Any(
        finding => ReceiptCode.Of(finding.RuleId) is AppRecError.NotXml or AppRecError.OtherFormatError);

    public static Verdict Refuse(RejectionCode code, string errorCode, IReadOnlyList<Finding> findings) => new(
        code, 0, findings, findings.Count, [.. findings.Select(finding => new AppRecError(errorCode, Told(finding)))]);

    public static Verdict Refuse(XmlFault fault)
    {
        var code = fault.Code == AppRecError.FormatNotSupported
            ? RejectionCode.FormatNotSupported
            : RejectionCode.NotReadable;
        return Refuse(
            code, fault.Code, [new Finding($"INT-{(int)code}", Severity.Error, fault.Path, fault.Text)]);
    }

    /// <summary>How often each rule of the message's reading was broken, all counted.</summary>
    public IReadOnlyList<RuleCount> RuleCounts { get; private init; } = [];

    /// <summary>How often each rule was broken, and what was found beside the reading.</summary>
    public IReadOnlyList<BrokenRule> BrokenRules => CountsOf(RuleCounts, Findings);

    private static IReadOnlyList<BrokenRule> CountsOf(
        IReadOnlyList<RuleCount> counts, IReadOnlyList<Finding> findings) =>
    [
        .. counts.Select(rule => new BrokenRule(
            rule.RuleId, rule.Severity, (int)Math.Min(rule.Count, int.MaxValue))),
        .. findings.Where(finding => !counts.Any(rule => rule.RuleId == finding.RuleId))
            .CountBy(finding => (finding.RuleId, finding.Severity))
            .Select(rule => new BrokenRule(rule.Key.RuleId, rule.Key.Severity, rule.Value)),
    ];

    /// <summary>The same with what was read of the message, and warnings.</summary>
    public Verdict With(Judgement judgement, IReadOnlyList<Finding> warnings) =>
        With(warnings) with { Judgement = judgement };

    /// <summary>The same with warnings that the sender is told in the receipt whatever the verdict is.</summary>
    public Verdict With(IReadOnlyList<Finding> warnings) => warnings.Count == 0 ? this : this with
    {
        Findings = [.. warnings, .. Findings],
        FindingCount = FindingCount + warnings.Count,
        Errors =
        [
            .. Errors.Take(AppRecWriter.ErrorsMax - warnings.Count),
            .. warnings.Select(finding => new AppRecError(AppRecError.Other, Told(finding))),
        ],
    };

    // What refuses the message is told in its receipt, with place and rule (R3.02).
    private static List<AppRecError> ErrorsOfRefusal(MessageOutcome outcome)
    {
        var errors = outcome.Findings.Where(finding => finding.Severity == Severity.Error).Take(RefusalsToldMax)
            .Select(finding => new AppRecError(ReceiptCode.Of(finding.RuleId), Told(finding))).ToList();
        if (errors.Count == 0) return [new AppRecError(AppRecError.StructureWrong)];
        var untold = CountOf(Severity.Error, CountsOf(outcome.RuleCounts, outcome.Findings)) - errors.Count;
        if (untold > 0)
            errors.Add(new AppRecError(
                AppRecError.Other, $"{untold} feil til. De første står i tilbakemeldingen NPR_VAL."));
        return errors;
    }

    private static long CountOf(Severity severity, IReadOnlyList<BrokenRule> rules) =>
        rules.Where(rule => rule.Severity == severity).Sum(rule => (long)rule.Count);

    // What does not refuse it is counted here and told in NPR_ERR, to those who can mend it (R3.10): a receipt is read
    // by a program, which needs to know that there is something, and where it is told.
    private static IReadOnlyList<AppRecError> ErrorsOfContent(MessageOutcome outcome)
    {
        var rules = CountsOf(outcome.RuleCounts, outcome.Findings);
        var errors = CountOf(Severity.Error, rules);
        if (errors == 0 && outcome.DroppedCount == 0) return [];
        var warnings = CountOf(Severity.Warning, rules);
        return
        [
            new AppRecError(
                AppRecError.Other,
                $"Tatt imot med {errors} feil og {warnings} advarsler i innholdet; {outcome.DroppedCount} poster er "
                + "utelatt. Regel og sted står i tilbakemeldingen NPR_ERR."),
        ];
    }

    private static string Told(Finding finding) => finding.Path.Length == 0
        ? $"{finding.RuleId}: {finding.Text}"
        : $"{finding.RuleId} {finding.Path}: {finding.Text}";
}
