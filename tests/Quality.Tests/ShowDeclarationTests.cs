using Kilde.Kernel;
using Kilde.Quality.Declaration;

namespace Kilde.Quality.Tests;

public class ShowDeclarationTests
{
    [Theory]
    [InlineData(100, 97, 90, 90, false, false)] // the others have three records
    [InlineData(100, 40, 98, 40, true, false)] // two of the others' records lack the item
    [InlineData(100, 40, 43, 40, true, false)] // three of the others' records have it
    [InlineData(100, 40, 80, 30, true, true)]
    [InlineData(100, 100, 97, 97, true, true)] // there are no others
    [InlineData(100, 40, 100, 40, true, true)]
    [InlineData(20_000, 40, 19_998, 40, true, true)] // a decimal tells nothing of two among so many
    public void What_would_tell_of_few_at_the_others_is_not_told(
        long all, long own, long filled, long ownFilled, bool tellsRecords, bool tellsShare)
    {
        var shown = ShowDeclaration.Of(Declaration(all, filled, 0), Declaration(own, ownFilled, 0));

        var records = shown.Records.ShouldHaveSingleItem();
        records.Own.ShouldBe(own);
        records.All.ShouldBe(tellsRecords ? all : null);
        var item = records.Items.ShouldHaveSingleItem();
        item.Own.ShouldBe((double)ownFilled / own);
        item.All.ShouldBe(tellsShare ? (double)filled / all : null);
        (item.Grade is not null).ShouldBe(tellsShare);
    }

    [Fact]
    public void What_a_sender_sent_since_everybodys_were_counted_is_shown_as_its_own()
    {
        var before = Declaration(0, 0, 0) with { Records = [] };

        var records = ShowDeclaration.Of(before, Declaration(40, 30, 0)).Records.ShouldHaveSingleItem();

        (records.Own, records.All).ShouldBe((40, null));
        records.Items.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            item => item.Own.ShouldBe(0.75), item => item.All.ShouldBeNull(), item => item.Grade.ShouldBeNull());
    }

    [Theory]
    [InlineData(12, 8, null)]
    [InlineData(12, 12, 12L)]
    [InlineData(12, 7, 12L)]
    [InlineData(12, 13, null)] // one more was found since everybody's were counted
    public void Findings_of_few_at_the_others_are_not_counted(long all, long own, long? told)
    {
        var shown = ShowDeclaration.Of(Declaration(0, 0, all), Declaration(0, 0, own));

        shown.Findings.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            finding => finding.Own.ShouldBe(own), finding => finding.All.ShouldBe(told));
        shown.Records.ShouldHaveSingleItem().Items.ShouldHaveSingleItem().Own.ShouldBeNull();
    }

    private static QualityDeclaration Declaration(long records, long filled, long findings) => new(
        RegisterCode.Kpr, "HST", DataYear.Parse("2026"), DateTimeOffset.UnixEpoch, 2, 1, ["En annen enhet"],
        [
            new DeclaredRecords(
                new("Konsultasjon"), "HST_Konsultasjon", records, 2, 12,
                [new DeclaredItem("form", new("Form"), IsRequired: true, records, filled, 0)]),
        ],
        [new DeclaredFinding("KPR-HST-001", new("Høyde"), null, findings, 2)]);
}
