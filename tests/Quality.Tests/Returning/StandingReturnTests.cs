using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Quality.Returning;
using Kilde.Quality.Sending;
using Kilde.Quality.Tests.Kit;
using Kilde.Register.Returning;
using Kilde.Testing;
using static Kilde.Quality.Tests.Kit.OwnReturns;
using static Kilde.Quality.Tests.Kit.TestReporters;

namespace Kilde.Quality.Tests.Returning;

/// <summary>What a sender has asked for is made when it is due, lies sealed, and is its own alone (R8.01).</summary>
public sealed class StandingReturnTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_package_is_what_the_sender_would_get_on_demand_and_is_given_to_nobody_else()
    {
        await using var register = await StartAsync(postgres);
        var which = new ReturnedRecords(Area, YearOf(2025));
        (await OrderAsync(register, Sender, which)).ShouldBe(new OrderOutcome.Ordered());

        (await MakeAsync(register)).ShouldBe(1);

        var lying = (await ReadAsync(register)).ShouldHaveSingleItem();
        (lying.DueOn, lying.From!.Value.Year).ShouldBe((new DateOnly(2026, 4, 1), 2025));
        lying.Package!.Records.ShouldBe(1);
        lying.Package.KeptUntil.ShouldBe(lying.Package.MadeAt.AddDays(30));
        (await ReadAsync(register, Other)).ShouldBeEmpty();
        (await FetchAsync(register, lying.Package.PackageId, Other)).ShouldBeNull();

        var fetched = (await FetchAsync(register, lying.Package.PackageId, Sender)).ShouldNotBeNull();

        using var onDemand = new MemoryStream();
        await register.Get<ReturnRecords>().WriteAsync(Sender, which, User, onDemand, Cancellation);
        fetched.ShouldBe(Encoding.UTF8.GetString(onDemand.ToArray()));
        var record = JsonNode.Parse(fetched)!;
        ($"{record["id"]}", $"{record["person"]!["nummer"]}").ShouldBe(("T-2025", Person));
        lying.Package.Bytes.ShouldBe(onDemand.Length);
        (await ReadAsync(register)).Single().Package!.FetchedAt.ShouldBe(register.Clock.Now);
        (await ActionsAsync(register)).ShouldBe(["return.ordered", "return.made", "return.fetched"]);
    }

    [Fact]
    public async Task A_package_lies_sealed_and_the_sender_is_told_without_a_word_of_a_person()
    {
        await using var register = await StartAsync(postgres);
        await OrderAsync(register, Sender, new ReturnedRecords(Area, From: null));

        await MakeAsync(register);

        var parts = await register.QueryAsync<byte[]>("select sealed from quality.return_part");
        foreach (var clear in new[] { Person, "T-2025", "verdier" })
            parts.ShouldAllBe(part => !Holds(part, clear), clear);
        (await register.QueryAsync<byte[]>("select email from quality.standing_return"))
            .ShouldAllBe(address => !Holds(address, Email));

        (await register.Get<SendOutbox>().StepAsync(Cancellation)).ShouldBeTrue();
        (await register.Get<SendOutbox>().StepAsync(Cancellation)).ShouldBeFalse();
        var letter = (await register.Get<LetterBox>().ReadAsync(10, Cancellation)).ShouldHaveSingleItem();
        (letter.Channel, letter.To, letter.Attachment).ShouldBe(("mail", Email, null));
        letter.Subject.ShouldBe($"Retur av egne data ligger klar: {Sender}");
        letter.Text.ShouldContain("til 01.04.2026.");
        ManyPersons.ShouldAllBe(person => !letter.Text.Contains(person) && !letter.Subject!.Contains(person));
        (await register.QueryAsync<string>("select state from quality.outbox where sealed is null")).ShouldBe(["sent"]);
    }

    [Fact]
    public async Task The_next_package_takes_the_place_of_the_one_before_on_the_first_of_the_month()
    {
        await using var register = await StartAsync(postgres);
        await OrderAsync(register, Sender, new ReturnedRecords(Area, From: null));
        await MakeAsync(register);
        var first = (await ReadAsync(register)).Single().Package!.PackageId;

        register.Clock.Now = new DateTimeOffset(2026, 3, 31, 21, 59, 0, TimeSpan.Zero);
        (await MakeAsync(register)).ShouldBe(0, "it is still March in Norway");
        register.Clock.Advance(TimeSpan.FromMinutes(1));
        (await MakeAsync(register)).ShouldBe(1);

        var lying = (await ReadAsync(register)).ShouldHaveSingleItem();
        lying.Package!.PackageId.ShouldNotBe(first);
        lying.DueOn.ShouldBe(new DateOnly(2026, 5, 1));
        (await FetchAsync(register, first, Sender)).ShouldBeNull();
        (await register.QueryAsync<Guid>("select distinct package_id from quality.return_part"))
            .ShouldBe([lying.Package.PackageId]);
    }

    [Fact]
    public async Task A_package_has_its_time_and_is_removed_fetched_or_not()
    {
        await using var register = await StartAsync(postgres);
        await OrderAsync(register, Sender, new ReturnedRecords(Area, From: null));
        await MakeAsync(register);
        var package = (await ReadAsync(register)).Single().Package!.PackageId;

        register.Clock.Advance(TimeSpan.FromDays(30));
        await register.Get<RemoveExpired>().StepAsync(Cancellation);
        (await FetchAsync(register, package, Sender)).ShouldNotBeNull();
        register.Clock.Advance(TimeSpan.FromMinutes(1));
        await register.Get<RemoveExpired>().StepAsync(Cancellation);

        (await FetchAsync(register, package, Sender)).ShouldBeNull();
        (await ReadAsync(register)).ShouldHaveSingleItem().Package.ShouldBeNull();
        (await register.QueryAsync<long>("select count(*) from quality.return_part")).ShouldBe([0]);
    }

    [Fact]
    public async Task What_is_withdrawn_is_made_no_more_and_the_address_is_forgotten()
    {
        await using var register = await StartAsync(postgres);
        await OrderAsync(register, Sender, new ReturnedRecords(Area, From: null));
        await MakeAsync(register);
        var standing = (await ReadAsync(register)).Single();
        var order = register.Get<OrderReturn>();

        (await order.WithdrawAsync(standing.StandingReturnId, Other, User, Cancellation)).ShouldBeFalse();
        (await order.WithdrawAsync(standing.StandingReturnId, Sender, User, Cancellation)).ShouldBeTrue();
        (await order.WithdrawAsync(standing.StandingReturnId, Sender, User, Cancellation)).ShouldBeFalse();

        (await ReadAsync(register)).ShouldHaveSingleItem().DueOn.ShouldBeNull("what lies ready can be fetched");
        (await FetchAsync(register, standing.Package!.PackageId, Sender)).ShouldNotBeNull();
        (await register.QueryAsync<byte[]?>("select email from quality.standing_return")).ShouldBe([null]);
        register.Clock.Advance(TimeSpan.FromDays(60));
        (await MakeAsync(register)).ShouldBe(0);
        await register.Get<RemoveExpired>().StepAsync(Cancellation);
        (await ReadAsync(register)).ShouldBeEmpty();
        (await OrderAsync(register, Sender, new ReturnedRecords(Area, From: null)))
            .ShouldBe(new OrderOutcome.Ordered());
    }

    [Fact]
    public async Task While_the_next_is_made_what_lies_ready_can_be_fetched_and_the_return_withdrawn()
    {
        await using var register = await StartAsync(postgres);
        await OrderAsync(register, Sender, new ReturnedRecords(Area, From: null));
        await MakeAsync(register);
        var standing = (await ReadAsync(register)).Single();
        var package = standing.Package!.PackageId;
        register.Clock.Advance(TimeSpan.FromDays(30));
        var held = await register.HoldTableAsync("quality.return_part");
        var making = MakeAsync(register);
        while ((await register.QueryAsync<int>(
            "select 1 from pg_locks where relation = 'quality.return_part'::regclass and not granted")).Count == 0)
            making.IsCompleted.ShouldBeFalse("the next is being made");

        (await FetchAsync(register, package, Sender)).ShouldNotBeNull();
        (await register.Get<OrderReturn>().WithdrawAsync(standing.StandingReturnId, Sender, User, Cancellation))
            .ShouldBeTrue();
        await held.DisposeAsync();
        await making;

        (await ReadAsync(register)).ShouldHaveSingleItem().Package!.PackageId.ShouldBe(package);
        (await register.QueryAsync<Guid>("select package_id from quality.return_package")).ShouldBe([package]);
    }

    [Fact]
    public async Task What_is_ordered_anew_takes_the_place_of_what_was_withdrawn()
    {
        await using var register = await StartAsync(postgres);
        await OrderAsync(register, Sender, new ReturnedRecords(Area, From: null));
        await MakeAsync(register);
        var standing = (await ReadAsync(register)).Single().StandingReturnId;
        await register.Get<OrderReturn>().WithdrawAsync(standing, Sender, User, Cancellation);

        await OrderAsync(register, Sender, new ReturnedRecords(Area, YearOf(2025)));
        await MakeAsync(register);

        (await ReadAsync(register)).ShouldHaveSingleItem().Package!.Records.ShouldBe(1);
        (await register.QueryAsync<long>("select count(distinct package_id) from quality.return_part")).ShouldBe([1]);
    }

    [Fact]
    public async Task One_that_fails_leaves_nothing_half_made_and_holds_up_no_other()
    {
        await using var register = await StartAsync(postgres);
        await OrderAsync(register, Sender, new ReturnedRecords(Area, From: null));
        register.Clock.Advance(TimeSpan.FromMinutes(1));
        await OrderAsync(register, Other, new ReturnedRecords(Area, From: null));
        await register.QueryAsync<int>(
            $"update quality.standing_return set email = '\\x00' where unit = '{Sender}' returning 1");

        await Should.ThrowAsync<Exception>(() => register.Get<MakeReturns>().StepAsync(Cancellation));

        (await register.QueryAsync<long>("select count(*) from quality.return_package")).ShouldBe([0]);
        (await MakeAsync(register)).ShouldBe(1);
        (await ReadAsync(register, Other)).ShouldHaveSingleItem().Package!.Records.ShouldBe(1);
        (await ReadAsync(register)).ShouldHaveSingleItem().Package.ShouldBeNull();
    }

    [Fact]
    public async Task A_large_package_is_many_parts_that_open_in_their_own_order_alone()
    {
        const int records = 5_000;
        await using var register = await StartAsync(postgres);
        var services = Enumerable.Range(1, records).Select(i =>
            $$"""
            { "tjenesteId": "STOR-{{i}}", "startDato": "2026-01-02", "timer": {{i % 100}},
              "person": { "fodselsNr": "{{ManyPersons[i % ManyPersons.Count]}}" } }
            """);
        await register.TakeInAsync(
            Sender, $$"""[{ "orgNr": "{{Sender}}", "tjeneste": [{{string.Join(',', services)}}] }]""");
        await OrderAsync(register, Sender, new ReturnedRecords(Area, YearOf(2026)));

        await MakeAsync(register);

        var package = (await ReadAsync(register)).Single().Package!;
        package.Records.ShouldBe(records);
        (await register.QueryAsync<long>("select count(*) from quality.return_part")).Single().ShouldBeGreaterThan(1);
        (await FetchAsync(register, package.PackageId, Sender))!.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => $"{JsonNode.Parse(line)!["id"]}").ToHashSet().Count.ShouldBe(records);

        await register.QueryAsync<int>(
            """
            update quality.return_part set part = -1 where part = 0;
            update quality.return_part set part = 0 where part = 1;
            update quality.return_part set part = 1 where part = -1 returning 1
            """);
        await Should.ThrowAsync<CryptographicException>(() => FetchAsync(register, package.PackageId, Sender));
        await register.QueryAsync<int>("delete from quality.return_part where part > 0 returning 1");
        await Should.ThrowAsync<CryptographicException>(() => FetchAsync(register, package.PackageId, Sender));
    }

    [Fact]
    public async Task An_order_is_of_an_area_there_is_with_an_address_and_stands_once()
    {
        await using var register = await StartAsync(postgres);
        var which = new ReturnedRecords(Area, From: null);

        (await OrderAsync(register, Sender, ReturnedRecords.All)).ShouldBe(new OrderOutcome.NoSuchArea());
        (await OrderAsync(register, Sender, new ReturnedRecords(new RegisterArea(RegisterCode.Npr, "BASIS"), null)))
            .ShouldBe(new OrderOutcome.NoSuchArea());
        (await register.Get<OrderReturn>().OrderAsync(Sender, which, "a@b.no,c@d.no", User, Cancellation))
            .ShouldBe(new OrderOutcome.NoAddress());
        (await OrderAsync(register, Sender, which)).ShouldBe(new OrderOutcome.Ordered());
        (await OrderAsync(register, Sender, which)).ShouldBe(new OrderOutcome.StandsAlready());
        (await OrderAsync(register, Other, which)).ShouldBe(new OrderOutcome.Ordered());
    }

    [Fact]
    public async Task What_is_withdrawn_is_not_ordered_again_without_end()
    {
        await using var register = await StartAsync(postgres);
        var which = new ReturnedRecords(Area, From: null);
        var first = register.Clock.Now;
        for (var order = 0; order < OrderReturn.OrdersMax; order++)
        {
            (await OrderAsync(register, Sender, which)).ShouldBe(new OrderOutcome.Ordered());
            (await OrderAsync(register, Sender, which)).ShouldBe(new OrderOutcome.StandsAlready());
            await MakeAsync(register);
            await register.Get<OrderReturn>().WithdrawAsync(
                (await ReadAsync(register)).Single().StandingReturnId, Sender, User, Cancellation);
            register.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        var refused = await OrderAsync(register, Sender, which);

        var opensAt = refused.ShouldBeOfType<OrderOutcome.TooOften>().OpensAt;
        opensAt.ShouldBe(first.AddDays(1).AddMinutes(1));
        (await ActionsAsync(register)).Count(action => action == "return.refused").ShouldBe(1);
        (await OrderAsync(register, Other, which)).ShouldBe(new OrderOutcome.Ordered());
        register.Clock.Now = opensAt.AddMinutes(-2);
        (await OrderAsync(register, Sender, which)).ShouldBe(refused);
        register.Clock.Now = opensAt;
        (await OrderAsync(register, Sender, which)).ShouldBe(new OrderOutcome.Ordered());
    }

    private static bool Holds(byte[] bytes, string text) => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
