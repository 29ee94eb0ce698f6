using Kilde.Kernel;
using Kilde.Quality.Declaration;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;
using static Kilde.Quality.Tests.Kit.TestReporters;

namespace Kilde.Quality.Tests;

/// <summary>Many look at a declaration of everybody that is dear to make, so it is made once an hour.</summary>
public sealed class KeptDeclarationTests(PostgresServer postgres)
{
    private const string Area = "BASIS";
    private static readonly DataYear Year = DataYear.Parse("2024");
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_declaration_is_kept_for_an_hour_and_then_made_of_what_there_is()
    {
        await using var register = await CheckedRegister.StartAsync(postgres);
        var kept = register.Get<KeptDeclarations>();

        var first = await ReadAsync(kept);
        await register.TakeInAsync(
            Sender,
            $$"""
            [{ "orgNr": "{{Sender}}", "tjeneste": [{ "tjenesteId": "T-1", "startDato": "2024-06-01",
               "person": { "fodselsNr": "{{Person}}" } }] }]
            """);
        var taken = register.Clock.GetUtcNow() - first.MadeAt;
        register.Clock.Advance(Hour - taken - TimeSpan.FromSeconds(1));
        (await ReadAsync(kept)).ShouldBeSameAs(first, "within the hour");
        register.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await ReadAsync(kept);

        first.Records.ShouldBeEmpty();
        second.Records.ShouldHaveSingleItem().Records.ShouldBe(1);
        second.MadeAt.ShouldBe(first.MadeAt + Hour);
        (await ReadAsync(kept)).ShouldBeSameAs(second);
    }

    [Fact]
    public async Task Those_who_ask_at_once_get_the_one_that_is_made_and_each_year_is_its_own()
    {
        await using var register = await CheckedRegister.StartAsync(postgres);
        var kept = register.Get<KeptDeclarations>();

        var asked = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ReadAsync(kept)));
        var other = await kept.ReadAsync(RegisterCode.Kpr, Area, DataYear.Parse("2023"), Cancellation);

        asked.ShouldAllBe(each => ReferenceEquals(each, asked[0]));
        other.ShouldNotBeNull().Year.ShouldBe(DataYear.Parse("2023"));
        (await ReadAsync(kept)).ShouldBeSameAs(asked[0]);
    }

    [Fact]
    public async Task Whoever_gives_up_or_asks_for_what_is_not_there_holds_up_nobody()
    {
        await using var register = await CheckedRegister.StartAsync(postgres);
        var kept = register.Get<KeptDeclarations>();
        using var given = new CancellationTokenSource();
        await given.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(
            kept.ReadAsync(RegisterCode.Kpr, Area, Year, given.Token));
        (await kept.ReadAsync(RegisterCode.Npr, Area, Year, Cancellation)).ShouldBeNull();

        (await ReadAsync(kept)).Area.ShouldBe(Area);
    }

    [Fact]
    public async Task No_more_are_kept_than_there_is_room_for()
    {
        await using var register = await CheckedRegister.StartAsync(postgres);
        var kept = register.Get<KeptDeclarations>();
        var first = await ReadAsync(kept);

        for (var year = 1980; year <= 1980 + 100; year++)
        {
            DataYear.TryFrom(year, out var of).ShouldBeTrue();
            await kept.ReadAsync(RegisterCode.Kpr, Area, of, Cancellation);
        }

        (await ReadAsync(kept)).ShouldNotBeSameAs(first);
    }

    private static async Task<QualityDeclaration> ReadAsync(KeptDeclarations kept) =>
        (await kept.ReadAsync(RegisterCode.Kpr, Area, Year, Cancellation)).ShouldNotBeNull();
}
