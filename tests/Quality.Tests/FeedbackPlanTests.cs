using Kilde.Kernel;
using Kilde.Quality.Cases;
using Kilde.Quality.Documents;
using Kilde.Quality.Tests.Kit;

namespace Kilde.Quality.Tests;

public class FeedbackPlanTests
{
    private static readonly ReportTexts Texts = ReportTexts.In("nb");

    [Fact]
    public void A_refused_file_gives_exactly_one_NPR_VAL_and_nothing_else() =>
        KindsOf(Cases.Refused).ShouldBe([FeedbackKind.NprVal]);

    [Fact]
    public void A_valid_file_gives_no_NPR_VAL() =>
        KindsOf(Cases.Activity).ShouldBe([FeedbackKind.Activity]);

    [Fact]
    public void A_refused_file_that_also_has_content_findings_still_gives_one_NPR_VAL() =>
        KindsOf(Cases.WithContentErrors with
        {
            Outcome = CaseOutcome.Refused,
            RuleCounts = [.. Cases.WithContentErrors.RuleCounts, .. Cases.Refused.RuleCounts],
        }).ShouldBe([FeedbackKind.NprVal]);

    [Fact]
    public void Content_errors_give_NPR_ERR_beside_the_activity() =>
        KindsOf(Cases.WithContentErrors).ShouldBe([FeedbackKind.NprErr, FeedbackKind.Activity]);

    [Fact]
    public void Notes_alone_are_no_request_to_correct() =>
        KindsOf(Cases.Activity with
        {
            RuleCounts = [new("ORD-050", ControlLayer.Content, Severity.Information, 12)],
        }).ShouldBe([FeedbackKind.Activity]);

    [Fact]
    public void Identities_give_the_identity_report() => KindsOf(Cases.Identities).ShouldBe([FeedbackKind.Identity]);

    [Fact]
    public void Activity_that_came_after_its_identities_gives_the_identity_report_too() =>
        KindsOf(Cases.Activity with { Pair = Cases.Identities.Pair! with { Identities = Cases.Identities.Identities } })
            .ShouldBe([FeedbackKind.Identity, FeedbackKind.Activity]);

    [Fact]
    public void A_file_that_was_only_checked_gives_the_same_findings_and_no_counts()
    {
        KindsOf(Cases.WithContentErrors with { Outcome = CaseOutcome.OnlyChecked }).ShouldBe([FeedbackKind.NprErr]);
        KindsOf(Cases.Refused with { Outcome = CaseOutcome.OnlyChecked }).ShouldBe([FeedbackKind.NprVal]);
        KindsOf(Cases.Identities with { Outcome = CaseOutcome.OnlyChecked }).ShouldBeEmpty();
    }

    [Fact]
    public void What_the_answer_already_told_gives_no_documents() =>
        KindsOf(Cases.WithContentErrors with { GetsReports = false }).ShouldBeEmpty();

    [Fact]
    public void Each_sector_gets_a_workbook_of_its_own()
    {
        var cells = Cases.Activity.Activity;

        var documents = Of(Cases.Activity with
        {
            Activity = [.. cells, cells[0] with { Sector = Sector.AdultMentalHealth }],
        });

        documents.Select(document => document.Sector).ShouldBe([Sector.Somatic, Sector.AdultMentalHealth]);
        documents.Select(document => document.FileName).ShouldBe(
        [
            $"aktivitet-somatikk-NPR_ORD-{Cases.Unit}-2026-05-08.xlsx",
            $"aktivitet-phv-NPR_ORD-{Cases.Unit}-2026-05-08.xlsx",
        ]);
    }

    [Fact]
    public void A_file_name_cannot_lead_out_of_a_folder() =>
        Of(Cases.Refused with { Institution = "../../etc/x\r\n" })[0].FileName
            .ShouldBe("NPR_VAL-NPR_ORD-etc-x-2026-05-08.html");

    private static IEnumerable<FeedbackKind> KindsOf(FeedbackCase subject) =>
        Of(subject).Select(document => document.Kind);

    private static IReadOnlyList<FeedbackDocument> Of(FeedbackCase subject) =>
        FeedbackPlan.DocumentsOf(subject, TestForms.All.Find(subject.Message.Type), register: null, Texts);
}
