using FsCheck;
using FsCheck.Fluent;
using Kilde.Definitions;
using Kilde.Definitions.Figures;
using Kilde.Protection;
using Kilde.Quality.Figures;
using Kilde.Testing;
using Shouldly;

namespace Kilde.Quality.Tests.Figures;

public class ShowFigureTests
{
    private static readonly DefinitionCatalogue Catalogue = RepositoryDefinitions.Catalogue;

    private static Figure Ages => Catalogue.Figures.Single(figure => figure.Id == "ages");

    private static Figure Mapped => Catalogue.Figures.Single(figure => figure.Id == "mapped");

    [Fact]
    public void The_owner_sees_small_cells_of_its_own_and_no_comparison_beside_them()
    {
        var own = Column(["1103"], 3, 50, 60);
        var county = Column(["1103", "1", "2", "3"], 5, 500, 600);

        var table = ShowFigure.Of(Ages, own, FigureColumn.Empty, isExact: true, null, [county]);

        table.Lines[0].Now!.Value.Persons.ShouldBe(3);
        table.Lines[0].Compared.ShouldBe([null]);
        table.Lines[2].Compared[0]!.Value.Persons.ShouldBe(600);
        table.Merged.ShouldBeNull();
    }

    [Fact]
    public void A_group_of_few_others_is_not_compared_with()
    {
        var own = Column(["1103"], 30, 50, 60);

        var table = ShowFigure.Of(
            Ages, own, FigureColumn.Empty, isExact: true, null, [Column(["1103", "1", "2"], 300, 500, 600)]);

        table.ComparedWith.ShouldBeEmpty();
    }

    [Fact]
    public void A_group_that_is_nearly_another_is_not_compared_with_too()
    {
        var own = Column(["1103"], 30, 50, 60);
        var country = Column(["1103", "1", "2", "3", "4"], 300, 500, 600) with { Name = new("Hele landet") };
        var county = Column(["1103", "1", "2", "3"], 200, 400, 500) with { Name = new("Rogaland") };

        var table = ShowFigure.Of(Ages, own, FigureColumn.Empty, isExact: true, null, [country, county]);

        table.ComparedWith.ShouldHaveSingleItem().Nb.ShouldBe("Hele landet");
    }

    [Fact]
    public void A_part_sees_residual_rows_that_add_up()
    {
        var part = Column(["part"], 3, 50, 60);
        var whole = Column(["whole"], 90, 54, 600);

        var table = ShowFigure.Of(Ages, part, FigureColumn.Empty, isExact: false, (whole, FigureColumn.Empty), []);

        table.Lines.Select(line => line.Category.Code).ShouldBe(["50"]);
        table.Merged!.Categories.ShouldBe(2);
        table.Merged.Sum!.Now!.Value.Persons.ShouldBe(53);
        table.Merged.Sum.Compared[0]!.Value.Persons.ShouldBe(144);
        table.Total!.Now!.Value.Persons.ShouldBe(113);
    }

    [Fact]
    public void A_part_that_leaves_few_of_the_whole_does_not_see_the_whole()
    {
        var table = ShowFigure.Of(
            Ages, Column(["part"], 30, 50, 60), FigureColumn.Empty, isExact: false,
            (Column(["whole"], 32, 50, 60), FigureColumn.Empty), []);

        table.ComparedWith.ShouldBeEmpty();
        table.Lines.Count.ShouldBe(3);
    }

    [Fact]
    public void A_share_is_hidden_where_few_are_outside_it()
    {
        var part = new FigureColumn(new(""), new HashSet<string>(), new Dictionary<string, Measured>
        {
            ["home/nutrition"] = new(97, 100, 0), ["home/household"] = new(50, 100, 0),
        });

        var table = ShowFigure.Of(Mapped, part, FigureColumn.Empty, isExact: false, null, []);

        table.Lines.Single(line => line.Category.Code == "home/nutrition").Now.ShouldBeNull();
        table.Lines.Single(line => line.Category.Code == "home/household").Now!.Value.Persons.ShouldBe(50);
    }

    /// <summary>Whatever is counted: neither what a part sees nor what it leaves of the whole is small.</summary>
    [Fact]
    public void A_part_never_comes_to_a_small_cell_by_looking_or_by_subtracting() =>
        Prop.ForAll(Cells.ToArbitrary(), cells =>
        {
            var part = Column(["part"], cells[..3]);
            var whole = Column(["whole"], [.. cells[..3].Zip(cells[3..], (own, others) => own + others)]);

            var table = ShowFigure.Of(
                Ages, part, FigureColumn.Empty, isExact: false, (whole, FigureColumn.Empty), []);

            FigureLine?[] lines = [.. table.Lines, table.Total, table.Merged?.Sum];
            return lines.OfType<FigureLine>().All(line =>
            {
                var own = line.Now?.Persons ?? 0;
                var isSmall = SmallCells.IsSmall(own);
                foreach (var compared in line.Compared.OfType<Measured>())
                {
                    isSmall |= SmallCells.IsSmall(compared.Persons);
                    if (line.Now is not null) isSmall |= SmallCells.IsSmall(compared.Persons - own);
                }

                return !isSmall;
            });
        }).QuickCheckThrowOnFailure();

    private static Gen<long[]> Cells { get; } =
        Gen.Frequency((3, Gen.Choose(0, 9)), (1, Gen.Choose(10, 40))).Select(number => (long)number).ArrayOf(6);

    private static FigureColumn Column(string[] members, params long[] persons)
    {
        string[] codes = ["0", "18", "50"];
        var counts = codes.Zip(persons).ToDictionary(
            each => each.First, each => new Measured(each.Second, 0, 0), StringComparer.Ordinal);
        counts[Figure.Total] = new Measured(persons.Sum(), 0, 0);
        return new FigureColumn(new("Gruppen"), members.ToHashSet(StringComparer.Ordinal), counts);
    }
}
