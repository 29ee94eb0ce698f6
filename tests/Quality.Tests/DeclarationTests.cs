using System.Text;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Quality.Calendar;
using Kilde.Quality.Caveats;
using Kilde.Quality.Declaration;
using Kilde.Quality.Documents;
using Kilde.Quality.Tests.Kit;
using Kilde.Synthetic;
using Kilde.Testing;
using static Kilde.Quality.Tests.Kit.TestReporters;

namespace Kilde.Quality.Tests;

public sealed class DeclarationTests(PostgresServer postgres)
{
    private static readonly SyntheticNorway Norway = SyntheticNorway.Create(3, NorwaySize.Small);


    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, ItemGrade.Poor)]
    [InlineData(0.4999, ItemGrade.Poor)]
    [InlineData(0.5, ItemGrade.Medium)]
    [InlineData(0.9, ItemGrade.Medium)]
    [InlineData(0.9001, ItemGrade.Good)]
    [InlineData(1, ItemGrade.Good)]
    public void An_item_is_graded_by_its_valid_share(double share, ItemGrade grade) =>
        DeclaredItem.GradeOf(share).ShouldBe(grade);

    [Fact]
    public void What_is_not_known_is_no_value_and_what_only_some_have_is_not_graded()
    {
        new DeclaredItem("a", new("A"), IsRequired: true, 100, 95, 50).Grade.ShouldBe(ItemGrade.Poor);
        new DeclaredItem("a", new("A"), IsRequired: false, 100, 3, 0).Grade.ShouldBeNull();
        new DeclaredItem("a", new("A"), IsRequired: true, 0, 0, 0).Grade.ShouldBeNull();
    }

    [Fact]
    public async Task A_declaration_counts_the_year_s_records_and_what_stands_against_them()
    {
        await using var register = await CheckedRegister.StartAsync(postgres);
        var person = Norway.PersonsOf(Norway.Units[0], new DateOnly(2024, 1, 1))
            .First(one => one.NationalNumber != default).NationalNumber.Reveal();
        string[] records =
        [
            Record("1", "2024-02-01", "\"timer\": 90,", person), Record("2", "2024-03-01", "\"timer\": 20,", person),
            Record("3", "2024-03-09", "", person), Record("4", "2023-12-31", "", person),
        ];
        await register.TakeInAsync(
            Sender, $$"""[{ "orgNr": "{{Sender}}", "tjeneste": [{{string.Join(',', records)}}] }]""");
        await register.FollowAllAsync();

        var declare = register.Get<DeclareQuality>();
        var declaration = await declare.DeclareAsync(
            RegisterCode.Kpr, "BASIS", DataYear.Parse("2024"), Cancellation);

        var counted = declaration.ShouldNotBeNull().Records.ShouldHaveSingleItem();
        (counted.Records, counted.Units, counted.Months).ShouldBe((3, 1, 2));
        var items = counted.Items.ToDictionary(item => item.Name);
        (items["timer"].Filled, items["timer"].Grade).ShouldBe((2, null));
        (items["start_dato"].Filled, items["start_dato"].Grade).ShouldBe((3, ItemGrade.Good));
        var finding = declaration.Findings.ShouldHaveSingleItem();
        (finding.CheckId, finding.Standing, finding.Units).ShouldBe((CheckedRegister.HoursPerPerson, 1, 1));
        (await declare.DeclareAsync(RegisterCode.Npr, "BASIS", DataYear.Parse("2024"), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Completeness_tells_who_has_not_reported()
    {
        await using var register = await CheckedRegister.StartWholeAsync(postgres, new TwoUnits());
        foreach (var (unit, reason) in new[] { (Sender, "Leverte ikke"), (Other, "Skal ikke levere dette") })
        {
            await register.Get<RecordCaveat>().AddAsync(
                $"{unit}", DataYear.Parse("2026"), CaveatKind.Imputed, reason,
                new AccessGround(new Actor("user", "ansatt"), "caveat"), Cancellation);
        }

        var declaration = await register.Get<DeclareQuality>().DeclareAsync(
            RegisterCode.Kpr, "HST", DataYear.Parse("2026"), Cancellation);

        declaration.ShouldNotBeNull().Expected.ShouldBe(1);
        declaration.Missing.ShouldBe(["Helsestasjonen"]);
        declaration.Completeness.ShouldBe(0);
        declaration.Caveats.ShouldHaveSingleItem().Reason.ShouldBe("Leverte ikke", "the other is not of the area");
        Encoding.UTF8.GetString(DeclarationDocument.Write(declaration, ReportTexts.In("nb")))
            .ShouldContain("Leverte ikke (tall bruker 2025)");
    }

    [Fact]
    public async Task Every_area_can_be_declared()
    {
        await using var register = await CheckedRegister.StartWholeAsync(postgres);
        var declare = register.Get<DeclareQuality>();

        declare.Areas.Count.ShouldBeGreaterThan(5);
        foreach (var area in declare.Areas)
        {
            var declaration = await declare.DeclareAsync(
                area.Register, area.Area, DataYear.Parse("2025"), Cancellation);
            declaration.ShouldNotBeNull(area.ToString()).Records.ShouldBeEmpty();
        }
    }

    [Fact]
    public void The_document_is_one_file_in_bokmaal()
    {
        var declaration = new QualityDeclaration(
            RegisterCode.Kpr, "HST", DataYear.Parse("2026"), new DateTimeOffset(2026, 11, 21, 11, 0, 0, TimeSpan.Zero),
            Expected: 13, Reported: 12, ["Helsestasjonen <i>Øst</i>"],
            [
                new DeclaredRecords(
                    new("Konsultasjon"), "HST_Konsultasjon", 12_345, 12, 10,
                    [
                        new DeclaredItem("form", new("Form for kontakt"), IsRequired: true, 12_345, 12_345, 0),
                        new DeclaredItem("sprak", new("Språk"), IsRequired: true, 12_345, 9_000, 1_000),
                        new DeclaredItem("tolk", new("Tolk"), IsRequired: true, 12_345, 4_000, 0),
                        new DeclaredItem("vekt", new("Vekt"), IsRequired: false, 12_345, 12_344, 0),
                    ]),
            ],
            [new DeclaredFinding("KPR-HST-001", new("Høyde utenfor grensene"), new("Vekst hos barn"), 42, 3)]);

        var html = Encoding.UTF8.GetString(DeclarationDocument.Write(declaration, ReportTexts.In("nb")));

        Golden.MatchesText(html, "declaration.html");
        html.ShouldNotContain("://");
        html.ShouldNotContain("<i>Øst");
        DeclarationDocument.FileNameOf(declaration.Register, declaration.Area, declaration.Year)
            .ShouldBe("kvalitet-kpr-hst-2026.html");
    }

    private static string Record(string id, string day, string hours, string person) =>
        $$"""
        { "tjenesteId": "{{id}}", "startDato": "{{day}}", {{hours}} "person": { "fodselsNr": "{{person}}" } }
        """;

    private sealed class TwoUnits : IReportingObligations
    {
        public Task<IReadOnlyList<ReportingObligation>> ReadAsync(CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<ReportingObligation>>(
            [
                new(Sender, "Helsestasjonen", "HST_Konsultasjon", new DateOnly(2025, 1, 1), ToOn: null),
                new(Other, "Nedlagt", "HST_Konsultasjon", new DateOnly(2020, 1, 1),
                    new DateOnly(2025, 12, 31)),
            ]);
    }
}
