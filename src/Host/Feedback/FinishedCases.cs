using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Intake.Overview;
using Kilde.Kernel;
using Kilde.Quality.Activity;
using Kilde.Quality.Cases;
using Kilde.Quality.Contacts;

namespace Kilde.Host.Feedback;

/// <summary>Tells Quality how submissions ended, as intake has recorded it.</summary>
internal sealed class FinishedCases(FollowFinished finished, DefinitionCatalogue catalogue) : ICaseSource
{
    private const string AnsweredChannel = "slash";
    private const string StructureRules = "STR-";
    private const string RegisterPrefix = "NPR_";

    public string Name => "intake";

    public async Task<CaseBatch> ReadAsync(string? position, int casesMax, CancellationToken cancellation)
    {
        var batch = await finished.ReadAsync(position, casesMax, cancellation);
        return new CaseBatch(
            [
                .. batch.Submissions.Select(submission =>
                    submission.Unit is { } unit ? CaseOf(submission, unit) : null).OfType<FeedbackCase>(),
            ],
            batch.Position,
            batch.HasMore);
    }

    private FeedbackCase CaseOf(FinishedSubmission submission, OrganizationNumber unit)
    {
        var tallied = Tallied.Parse(submission.Tally);
        return new FeedbackCase(
            submission.SubmissionId, unit, submission.UnitName ?? unit.ToString(),
            submission.Institution ?? unit.ToString(),
            new SendingSystem(
                Told(submission.VendorName), Told(submission.SoftwareName), Told(submission.SoftwareVersion),
                submission.ExportVersion)
            {
                VendorNumber = submission.Vendor,
            },
            new ReportedMessage(
                RegisterOf(submission), submission.MessageType, submission.TypeVersion, submission.From,
                submission.To, submission.ExtractedOn, submission.RecordCount)
            {
                IsWholePeriod = HoldsPeriod(submission),
            },
            submission.ReceivedAt, submission.FinishedAt,
            submission.IsRejected ? CaseOutcome.Refused : CaseOutcome.InRegister,
            GetsReports: submission.Channel != AnsweredChannel,
            [.. submission.BrokenRules.Where(rule => !IsOfContacts(rule.RuleId)).Select(rule => new RuleCount(
                rule.RuleId, LayerOf(submission, rule.RuleId, rule.Severity), rule.Severity, rule.Count))],
            [.. submission.Findings.Where(finding => !IsOfContacts(finding.RuleId)).Select(finding => new CaseFinding(
                finding.RuleId, LayerOf(submission, finding.RuleId, finding.Severity), finding.Severity, finding.Path,
                finding.Detail?.Value, finding.Detail?.Expected, finding.Detail?.Mender ?? MenderOf(finding),
                finding.Text))],
            FeedbackContacts.Of(submission.MessageType, submission.Contacts))
        {
            Identities = submission.Identities is { } identities
                ? new IdentityCounts(identities.Valid, identities.Unknown, identities.Duplicates)
                : null,
            Activity = tallied.Cells,
            Institutions = tallied.Institutions,
        };
    }

    private bool HoldsPeriod(FinishedSubmission submission) =>
        catalogue.Find(submission.MessageType, submission.TypeVersion)
            is not { Replacement: not Replacement.CumulativePerPeriod };

    // Types that no definition takes are named by what they call themselves, or not at all.
    private RegisterCode RegisterOf(FinishedSubmission submission) =>
        catalogue.Find(submission.MessageType, submission.TypeVersion)?.Register
        ?? (submission.MessageType.StartsWith(RegisterPrefix, StringComparison.Ordinal)
            ? RegisterCode.Npr
            : RegisterCode.Kpr);

    // What refused the message is its structure, whatever found it; in a message that was taken in, all is content.
    private static ControlLayer LayerOf(FinishedSubmission submission, string ruleId, Severity severity) =>
        submission.IsRejected && (severity == Severity.Error || IsOfStructure(ruleId))
            ? ControlLayer.Structure
            : ControlLayer.Content;

    // How elements stand is the system's doing; what is written in them is its user's.
    private static Mender MenderOf(Finding finding) =>
        IsOfStructure(finding.RuleId) ? Mender.Vendor : Mender.Sender;

    private static bool IsOfStructure(string ruleId) => ruleId.StartsWith(StructureRules, StringComparison.Ordinal);

    // The receipt has told them, and the history of each feedback does.
    private static bool IsOfContacts(string ruleId) =>
        ruleId is Deliverability.NoContact or Deliverability.NoMobile or Deliverability.NoEmail;

    private static string Told(string? text) =>
        string.IsNullOrWhiteSpace(text) ? SendingSystem.Untold : text;
}
