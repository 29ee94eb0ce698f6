using Dapper;
using Kilde.Kernel;
using Kilde.Register.Contacts;
using Kilde.Register.Merging;
using Kilde.Register.Reading;
using Kilde.Register.Returning;
using Kilde.Register.Tables;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;
using Npgsql;

namespace Kilde.Register.Tests;

/// <summary>Records and items of a class are held apart, and seen by who is granted it (R4.18).</summary>
public class HeldApartTests(PostgresServer postgres)
{
    private static readonly OrganizationNumber Municipality = OrganizationNumber.Parse("310211036");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_is_not_granted_the_class_sees_nothing_of_it()
    {
        await using var register = await StartAsync();
        await MergeAsync(register, Entry("1", "a", HeldApart.Secret), Entry("2", "b", "åpen"));
        var (key, person) = (Messages.KeyOf("1"), register.Vault.Resolve("a").PersonKey.Value);

        foreach (var table in new[] { "prove_besok", "prove_besok_history", "prove_besok_locator", "change" })
        {
            (await RefusedAsync(register, $"select from sensitive_prove_rad.{table}")).ShouldBe("42501", table);
            (await RefusedAsync(register, $"delete from sensitive_prove_rad.{table}")).ShouldBe("42501", table);
        }

        (await RefusedAsync(register, "set role kilde_sensitive_prove_rad")).ShouldNotBeEmpty();

        // Every table and view there is, whatever comes after this test was written.
        await using var connection = await register.Source.OpenConnectionAsync(Cancellation);
        var readable = (await connection.QueryAsync<string>(
            """
            select format('%I.%I', nspname, relname)
            from pg_class join pg_namespace n on n.oid = relnamespace
            where relkind in ('r', 'v', 'm', 'p') and nspname !~ '^(pg_|information_schema)'
              and has_schema_privilege(n.oid, 'usage') and has_table_privilege(pg_class.oid, 'select')
            """)).AsList();
        readable.ShouldContain("register.contact");
        foreach (var relation in readable)
        {
            var rows = await connection.QueryAsync<string>(
                $"select t::text from {relation} t where t::text like any(@tells)",
                new { tells = new[] { $"%{key}%", $"%{person}%", $"%{HeldApart.Secret}%", "%a\": 1%" } });
            rows.ShouldBeEmpty(relation);
        }
    }

    [Fact]
    public async Task A_record_moves_when_its_class_changes_and_is_the_same_record()
    {
        await using var register = await StartAsync();
        await MergeAsync(register, Entry("1", "a", null));

        (await MergeAsync(register, Entry("1", "a", HeldApart.Secret))).ShouldBe((0, 1, 0, 0));
        (await PlacesAsync(register)).ShouldBe(["sensitive_prove_felt", "sensitive_prove_rad"]);
        (await MergeAsync(register, Entry("1", "a", HeldApart.Secret))).ShouldBe((0, 0, 1, 0));
        (await MergeAsync(register, Entry("1", "a", "åpen"))).ShouldBe((0, 1, 0, 0));
        (await PlacesAsync(register)).ShouldBe(["register", "sensitive_prove_felt"]);
        (await MergeAsync(register, Entry("1", "a", null))).ShouldBe((0, 1, 0, 0));
        (await PlacesAsync(register)).ShouldBe(["register"]);
        await MergeAsync(register, Entry("1", "a", HeldApart.Secret));
        (await register.MergeAsync(HeldApart.Of(Messages.Submission([], ["1"])))).Single().Deleted.ShouldBe(1);
        (await PlacesAsync(register)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_stands_in_the_open_is_taken_apart_when_the_class_comes()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        Entry[] entries = [Entry("1", "a", HeldApart.Secret), Entry("2", "b", "åpen"), Entry("3", "c", null)];
        await register.MergeAsync(Messages.Submission(entries));
        await register.MergeAsync(Messages.Submission([Entry("3", "c", HeldApart.Secret)]));
        await register.MergeAsync(Messages.Submission([Entry("3", "c", null)]));

        var tables = RecordTable.AllOf([HeldApart.VisitMessage, HeldApart.YearMessage]);
        await register.EnsureAsync(tables, Cancellation);
        var batchNo = await BatchNoAsync(register);
        await register.EnsureAsync(tables, Cancellation);

        (await BatchNoAsync(register)).ShouldBe(batchNo);
        (await PlacesAsync(register)).ShouldBe(
            ["register", "register", "sensitive_prove_felt", "sensitive_prove_felt", "sensitive_prove_rad"]);
        await using var connection = await register.Source.OpenConnectionAsync(Cancellation);
        foreach (var table in new[] { "prove_besok", "prove_besok_history" })
        {
            (await connection.QuerySingleAsync<int>(
                $"select count(*)::integer from register.{table} where merknad = 'hemmelig' or barn is not null"))
                .ShouldBe(0, table);
        }

        (await connection.QueryAsync<Guid[]>("select record_keys from register.change where kind = 'delete'"))
            .ShouldHaveSingleItem().ShouldBe([Messages.KeyOf("1")]);

        // The hash of a record that has lost items is that of all of it until it is sent again.
        (await MergeAsync(register, entries)).ShouldBe((0, 2, 1, 0));
        (await MergeAsync(register, entries)).ShouldBe((0, 0, 3, 0));
    }

    [Fact]
    public async Task Coercion_is_read_by_who_is_granted_it_and_by_its_sender()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await SendAsync(register, "T-1", "15");
        await SendAsync(register, "T-1", "24");
        await SendAsync(register, "T-2", "15");

        (await ContactsAsync(register)).ShouldBe(["15", "15"]);
        (await ReadAsync(register.Reader, "T-1")).Select(version => version.EndedBy).ShouldBe(["deleted"]);
        var keeper = register.Reader.Showing(["coercion"]);
        await Should.ThrowAsync<SensitiveClassException>(() => ReadAsync(keeper, "T-1"));
        await Should.ThrowAsync<SensitiveClassException>(() => ReadAsync(register.Reader.Showing(["abuse"]), "T-1"));
        var count = new CountSensitive(register.Databases.Register, register.Catalogue, register.Audit);
        foreach (var one in new[] { "coercion", "abuse", "nothing" })
        {
            await Should.ThrowAsync<SensitiveClassException>(() =>
                count.CountAsync(one, WholeRegister.Ground, Cancellation));
        }

        await HeldApart.GrantAsync(register, "coercion", "kilde_register");
        var versions = await ReadAsync(keeper, "T-1");
        versions.Select(version => (version.Class, version.EndedBy)).ShouldBe([(null, "deleted"), ("coercion", null)]);
        (await keeper.ReadAsOfAsync(
            "ktt_tjeneste", $"{Municipality}", "T-1", register.Clock.GetUtcNow(), WholeRegister.Ground, Cancellation))!
            .Values.ShouldContain(new KeyValuePair<string, object?>("tjenestetype", "24"));
        (await LoggedAsync(register, "register.read_sensitive")).ShouldBe(2);
        (await count.CountAsync("coercion", WholeRegister.Ground, Cancellation))
            .ShouldBe([new("ktt_tjeneste", $"{Municipality}", 2026, 1, 1)]);
        await Should.ThrowAsync<SensitiveClassException>(() =>
            count.CountAsync("abuse", WholeRegister.Ground, Cancellation));
        (await LoggedAsync(register, "register.count_sensitive")).ShouldBe(1);

        var own = new ReadOwnRecords(register.Databases.Register, register.Catalogue, register.Audit);
        var returned = new List<OwnRecord>();
        await foreach (var batch in own.ReadAsync(
            [$"{Municipality}"], ReturnedRecords.All, 10, WholeRegister.Ground, Cancellation))
            returned.AddRange(batch);
        returned.Select(record => record.LocalId).Order().ShouldBe(["T-1", "T-2"]);
        returned.Select(record => record.Values).ShouldContain(values => values.Contains("\"tjenestetype\": \"24\""));
    }

    private async Task<TestRegister> StartAsync() =>
        await TestRegister.StartAsync(postgres, HeldApart.VisitMessage, HeldApart.YearMessage);

    private static Entry Entry(string id, string person, string? note) =>
        new(id, PlainVault.Person(person), 1, note);

    private static async Task<(int Inserted, int Updated, int Unchanged, int Deleted)> MergeAsync(
        TestRegister register, params Entry[] entries)
    {
        var outcome = (await register.MergeAsync(HeldApart.Of(Messages.Submission(entries)))).Single();
        return (outcome.Inserted, outcome.Updated, outcome.Unchanged, outcome.Deleted);
    }

    private static async Task<IEnumerable<string>> PlacesAsync(TestRegister register)
    {
        await using var connection = await register.Databases.RegisterAsSuperuserAsync();
        return await connection.QueryAsync<string>(
            """
            select 'register' from register.prove_besok
            union all select 'sensitive_prove_felt' from sensitive_prove_felt.prove_besok
            union all select 'sensitive_prove_rad' from sensitive_prove_rad.prove_besok
            order by 1
            """);
    }

    private static async Task<long> BatchNoAsync(TestRegister register)
    {
        await using var connection = await register.Source.OpenConnectionAsync(Cancellation);
        return await connection.QuerySingleAsync<long>("select batch_no from register.batch_counter");
    }

    private static async Task<string> RefusedAsync(TestRegister register, string statement)
    {
        await using var command = register.Source.CreateCommand(statement);
        var refused = await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancellation));
        return refused.SqlState;
    }

    private static Task<MergeOutcome> SendAsync(WholeRegister register, string id, string type)
    {
        register.Clock.Advance(TimeSpan.FromMinutes(1));
        return register.TakeInAsync(
            "KTT_Tjeneste",
            $$"""
            [{"orgNr":"{{Municipality}}","kommuneNr":"0301","tjeneste":[
              {"tjenesteId":"{{id}}","registrertTid":"2026-03-01T10:00:00+01:00","tjenestetype":"{{type}}",
               "vedtakDato":"2026-01-05","startDato":"2026-01-12","person":{"fodselsNr":"15851900079"} }]}]
            """,
            Municipality);
    }

    private static async Task<IEnumerable<string>> ContactsAsync(WholeRegister register)
    {
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        return await connection.QueryAsync<string>(
            "select kind from register.contact union all select service_code from register.reported_service");
    }

    private static Task<IReadOnlyList<RecordVersion>> ReadAsync(RegisterReader reader, string id) =>
        reader.ReadHistoryAsync("ktt_tjeneste", $"{Municipality}", id, WholeRegister.Ground, Cancellation);

    private static async Task<int> LoggedAsync(WholeRegister register, string action)
    {
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        return await connection.QuerySingleAsync<int>(
            "select count(*)::integer from audit.entry where action = @action", new { action });
    }
}
