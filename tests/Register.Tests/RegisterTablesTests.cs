using Dapper;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using Kilde.Register.Tables;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;
using static Kilde.Register.Tests.Kit.Messages;
using static Kilde.Register.Tests.Kit.PlainVault;

namespace Kilde.Register.Tests;

public class RegisterTablesTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Making_the_tables_again_changes_nothing()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        await register.MergeAsync(Submission([new("1", Person("a"), 10)]));

        await register.EnsureAsync(RecordTable.AllOf([VisitMessage]), Cancellation);
        await register.EnsureAsync(RecordTable.AllOf([VisitMessage]), Cancellation);

        (await register.MergeAsync(Submission([new("1", Person("a"), 10)])))[0].Unchanged.ShouldBe(1);
    }

    [Fact]
    public async Task A_new_column_is_added_and_old_versions_keep_what_they_had()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        await register.MergeAsync(Submission([new("1", Person("a"), 10)]));
        var wider = With(Visit, [.. Visit.Columns, Visit.Columns[0] with { Name = "nytt" }]);

        await register.EnsureAsync(RecordTable.AllOf([TypeOf("Prove_Besok", "2", wider)]), Cancellation);
        await register.MergeAsync(Submission([new("1", Person("a"), 11)]));

        await using var connection = await register.Source.OpenConnectionAsync(Cancellation);
        (await connection.QuerySingleAsync<(long, long?)>("select verdi, nytt from register.prove_besok_history"))
            .ShouldBe((10, null));
    }

    [Fact]
    public async Task A_column_that_has_changed_its_type_is_refused_with_advice()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        var other = With(Visit, [Visit.Columns[0] with { Kind = ColumnKind.Text }]);

        var refusal = await Should.ThrowAsync<InvalidRecordTableException>(() =>
            register.EnsureAsync(RecordTable.AllOf([TypeOf("Prove_Besok", "2", other)]), Cancellation));

        refusal.Message.ShouldContain("verdi");
        refusal.Message.ShouldContain("give the changed item a new column name");
    }

    [Theory]
    [InlineData("x; drop table register.batch")]
    [InlineData("Upper")]
    [InlineData("1st")]
    [InlineData("a\"b")]
    [InlineData("æ")]
    [InlineData("")]
    [InlineData("a\n")]
    [InlineData("a_name_that_is_longer_than_the_names_made_of_it_can_be")]
    public void A_name_that_is_not_plain_never_reaches_sql(string name) =>
        Should.Throw<InvalidRecordTableException>(() => SqlName.Parse(name));

    [Fact]
    public void A_column_may_not_take_a_name_the_register_keeps_for_itself() =>
        Should.Throw<InvalidRecordTableException>(() => RecordTable.AllOf(
            [TypeOf("Prove_Besok", "1", With(Visit, [Visit.Columns[0] with { Name = "person_key" }]))]));

    [Fact]
    public void Two_versions_may_not_disagree_on_a_column() =>
        Should.Throw<InvalidRecordTableException>(() => RecordTable.AllOf(
        [
            VisitMessage,
            TypeOf("Prove_Besok", "2", With(Visit, [Visit.Columns[0] with { Kind = ColumnKind.Text }])),
        ]));

    [Fact]
    public async Task Every_table_and_column_says_what_it_holds()
    {
        await using var register = await TestRegister.StartAsync(postgres);

        await using var connection = await register.Source.OpenConnectionAsync(Cancellation);
        var silent = await connection.QueryAsync<string>(
            """
            select relname || coalesce('.' || attname, '')
            from pg_class
            join pg_namespace on pg_namespace.oid = relnamespace and nspname = 'register'
            left join pg_attribute on attrelid = pg_class.oid and attnum > 0 and relname ~ '^prove_besok(_history)?$'
            where relkind in ('r', 'p', 'v') and not relispartition
              and (obj_description(pg_class.oid, 'pg_class') is null
                or attname is not null and col_description(pg_class.oid, attnum) is null)
            """);
        silent.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_contact_view_shows_contacts_in_the_common_model()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        await register.MergeAsync(Submission([new("1", Person("a"), 10)]));

        await using var connection = await register.Source.OpenConnectionAsync(Cancellation);
        var contact = await connection.QuerySingleAsync<(string, string, Guid, string, DateTimeOffset, string)>(
            "select register, record_table, record_key, unit, started_at, service_area from register.contact");
        contact.ShouldBe(("KPR", "prove_besok", KeyOf("1"), Sender.ToString(), Started, "HST"));
    }

    private static RecordType With(RecordType type, IReadOnlyList<RecordColumn> columns) => new()
    {
        Table = type.Table,
        Titles = type.Titles,
        WireName = type.WireName,
        Key = type.Key,
        Event = type.Event,
        Fields = type.Fields,
        Columns = columns,
    };
}
