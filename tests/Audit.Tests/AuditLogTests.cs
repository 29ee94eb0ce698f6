using Dapper;
using Kilde.Testing;
using Npgsql;

namespace Kilde.Audit.Tests;

public class AuditLogTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entries_stand_or_fall_with_the_act()
    {
        await using var audit = new AuditFixture(await postgres.NewDatabasesAsync());
        await using var connection = await audit.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            await audit.Log.AppendAsync(transaction, [AuditFixture.Entry(1)], Cancellation);
            await transaction.RollbackAsync(Cancellation);
        }

        await audit.AppendAsync(AuditFixture.Entry(2));

        (await connection.QueryAsync<string>("select subject from audit.entry")).ShouldBe(["subject-2"]);
        (await audit.VerifyAsync()).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task Writers_at_the_same_time_leave_whole_chains_without_gaps()
    {
        await using var audit = new AuditFixture(await postgres.NewDatabasesAsync());

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
                await audit.AppendAsync([.. Enumerable.Range(0, 1 + (i % 3)).Select(AuditFixture.Entry)]);
        }, Cancellation)));

        var verification = await audit.VerifyAsync();
        verification.Findings.ShouldBeEmpty();
        verification.Entries.ShouldBe(8 * (25 + 24));
    }

    [Theory]
    [InlineData("update audit.entry set purpose = 'x'")]
    [InlineData("delete from audit.entry")]
    [InlineData("truncate audit.entry")]
    [InlineData("update audit.checkpoint set hash = hash")]
    [InlineData("delete from audit.checkpoint")]
    [InlineData("create table audit.other (id int)")]
    [InlineData("alter table audit.entry disable row level security")]
    [InlineData("drop table audit.entry")]
    public async Task The_platforms_own_roles_may_only_add_and_read(string statement)
    {
        await using var audit = new AuditFixture(await postgres.NewDatabasesAsync());
        await audit.AppendAsync(AuditFixture.Entry(1));

        foreach (var source in (NpgsqlDataSource[])[audit.Databases.Register.Source, audit.Databases.Identity.Source])
        {
            await using var command = source.CreateCommand(statement);
            var refused = await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancellation));
            refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
    }

    [Theory]
    [InlineData("02813299952")]
    [InlineData("41819077906")]
    public async Task An_identifier_of_a_person_is_refused_as_subject_actor_or_case(string digits)
    {
        Kernel.PersonIdentifier.TryParse(digits, out _).ShouldBeTrue();
        await using var audit = new AuditFixture(await postgres.NewDatabasesAsync());
        var ground = new AccessGround(Actor.System("test"), "test");

        await Should.ThrowAsync<ArgumentException>(() => audit.AppendAsync(new AuditEntry(ground, "x", digits)));
        await Should.ThrowAsync<ArgumentException>(() => audit.AppendAsync(
            new AuditEntry(ground with { Actor = new Actor("user", digits) }, "x", "1")));
        await Should.ThrowAsync<ArgumentException>(() => audit.AppendAsync(
            new AuditEntry(ground with { CaseReference = $"Sak {digits}" }, "x", "1")));
    }

    [Fact]
    public async Task A_search_pages_through_all_that_fits_newest_first()
    {
        await using var audit = new AuditFixture(await postgres.NewDatabasesAsync());
        for (var i = 0; i < 12; i++)
        {
            audit.Clock.Advance(TimeSpan.FromMinutes(i % 4 == 0 ? 0 : 1));
            await audit.AppendAsync(AuditFixture.Entry(i), AuditFixture.Entry(i + 100));
        }

        var query = new LogQuery(ActorId: "staff-1", From: audit.Clock.Now.AddHours(-1), Limit: 3);
        var all = await SearchLog.HandleAsync(audit.Store, query with { Limit = 100 }, Cancellation);
        var paged = new List<LogRow>();
        for (var page = await SearchLog.HandleAsync(audit.Store, query, Cancellation);
            page.Count > 0;
            page = await SearchLog.HandleAsync(audit.Store, query with { Before = paged[^1].Position }, Cancellation))
        {
            paged.AddRange(page);
        }

        all.Count.ShouldBe(8);
        paged.ShouldBe(all);
        all.Select(row => row.OccurredAt).ShouldBeInOrder(SortDirection.Descending);
        (await SearchLog.HandleAsync(audit.Store, new LogQuery(Subject: "subject-3"), Cancellation))
            .ShouldHaveSingleItem().ActorId.ShouldBe("staff-0");
    }
}
