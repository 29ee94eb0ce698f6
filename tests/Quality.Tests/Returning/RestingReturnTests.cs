using Kilde.Quality.Returning;
using Kilde.Quality.Sending;
using Kilde.Quality.Tests.Kit;
using Kilde.Register.Returning;
using Kilde.Testing;
using static Kilde.Quality.Tests.Kit.OwnReturns;
using static Kilde.Quality.Tests.Kit.TestReporters;

namespace Kilde.Quality.Tests.Returning;

/// <summary>What nobody fetches is not made month after month (R8.01).</summary>
public sealed class RestingReturnTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_nobody_fetches_rests_and_the_sender_is_told_once()
    {
        await using var register = await StartAsync(postgres);
        await RestAsync(register);

        var resting = (await ReadAsync(register)).ShouldHaveSingleItem();
        (resting.DueOn, resting.RestedOn, resting.IsWithdrawn).ShouldBe((null, new DateOnly(2026, 5, 1), false));
        (await register.QueryAsync<long>("select count(*) from quality.return_package")).ShouldBe([2]);
        (await ActionsAsync(register))
            .ShouldBe(["return.ordered", "return.made", "return.made", "return.rested"]);
        register.Clock.Advance(TimeSpan.FromDays(60));
        (await MakeAsync(register)).ShouldBe(0);
        while (await register.Get<SendOutbox>().StepAsync(Cancellation))
        {
        }

        var letters = await register.Get<LetterBox>().ReadAsync(10, Cancellation);
        var told = letters.Where(letter => letter.Subject == $"Fast retur hviler: {Sender}").ShouldHaveSingleItem();
        (letters.Count, told.To).ShouldBe((3, Email));
        told.Text.ShouldContain("Vil dere ha dem igjen, velger dere å gjenoppta");
        (await OrderAsync(register, Sender, new ReturnedRecords(Area, From: null)))
            .ShouldBe(new OrderOutcome.StandsAlready());
    }

    [Fact]
    public async Task What_rests_is_made_again_at_once_when_its_sender_says_so_and_nobody_else()
    {
        await using var register = await StartAsync(postgres);
        await RestAsync(register);
        var id = (await ReadAsync(register)).Single().StandingReturnId;
        var order = register.Get<OrderReturn>();
        register.Clock.Advance(TimeSpan.FromDays(2));

        (await order.ResumeAsync(id, Other, User, Cancellation)).ShouldBeFalse();
        (await order.ResumeAsync(id, Sender, User, Cancellation)).ShouldBeTrue();
        (await order.ResumeAsync(id, Sender, User, Cancellation)).ShouldBeFalse("it no longer rests");
        (await MakeAsync(register)).ShouldBe(1);

        (await ReadAsync(register)).Single().DueOn.ShouldBe(new DateOnly(2026, 6, 1));
        (await ActionsAsync(register)).TakeLast(2).ShouldBe(["return.resumed", "return.made"]);
        register.Clock.Now = new DateTimeOffset(2026, 6, 1, 8, 0, 0, TimeSpan.Zero);
        (await MakeAsync(register)).ShouldBe(1);
        (await ReadAsync(register)).Single().RestedOn.ShouldBeNull("only one is unfetched since it was resumed");
    }

    [Fact]
    public async Task What_rests_is_resumed_when_what_lies_ready_is_fetched()
    {
        await using var register = await StartAsync(postgres);
        await RestAsync(register);
        var standing = (await ReadAsync(register)).Single();

        (await FetchAsync(register, standing.Package!.PackageId, Other)).ShouldBeNull();
        (await ReadAsync(register)).Single().RestedOn.ShouldNotBeNull();
        (await FetchAsync(register, standing.Package.PackageId, Sender)).ShouldNotBeNull();

        (await ReadAsync(register)).Single().RestedOn.ShouldBeNull();
        (await ActionsAsync(register)).TakeLast(2)
            .ShouldBe(["return.fetched", "return.resumed"], ignoreOrder: true);
        (await MakeAsync(register)).ShouldBe(1);
        (await ReadAsync(register)).Single().DueOn.ShouldBe(new DateOnly(2026, 6, 1));
    }

    [Fact]
    public async Task One_that_is_fetched_now_and_then_never_rests()
    {
        await using var register = await StartAsync(postgres);
        await OrderAsync(register, Sender, new ReturnedRecords(Area, From: null));
        for (var month = 3; month <= 8; month++)
        {
            register.Clock.Now = new DateTimeOffset(2026, month, 3, 8, 0, 0, TimeSpan.Zero);
            (await MakeAsync(register)).ShouldBe(1, $"{month}");
            var package = (await ReadAsync(register)).Single().Package!.PackageId;
            if (month % 2 == 0) await FetchAsync(register, package, Sender);
        }

        (await ActionsAsync(register)).ShouldNotContain("return.rested");
    }

    // Packages of March and April that nobody fetched, and what is due in May.
    private static async Task RestAsync(CheckedRegister register)
    {
        await OrderAsync(register, Sender, new ReturnedRecords(Area, From: null));
        (await MakeAsync(register)).ShouldBe(1);
        register.Clock.Now = new DateTimeOffset(2026, 4, 1, 8, 0, 0, TimeSpan.Zero);
        (await MakeAsync(register)).ShouldBe(1);
        register.Clock.Now = new DateTimeOffset(2026, 5, 1, 6, 0, 0, TimeSpan.Zero);
        (await MakeAsync(register)).ShouldBe(1, "a step that lets it rest");
    }
}
