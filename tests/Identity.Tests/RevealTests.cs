using Kilde.Audit;
using Kilde.Identity.Crypto;
using Kilde.Kernel;
using Kilde.Testing;
using static Kilde.Identity.Tests.VaultFixture;

namespace Kilde.Identity.Tests;

public class RevealTests(PostgresServer postgres)
{
    [Fact]
    public async Task Clear_text_comes_back_with_an_entry_in_the_persons_log()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        var person = await vault.ResolveAsync(
            new IdentifierClaim(new RowPerson(National(1), [DNumber(1)], "A-æøå"), Sender));

        var revealed = await vault.Reveal.HandleAsync([person.PersonKey], StaffCase, Cancellation);

        revealed.Select(identifier => identifier.Identifier).ShouldBe([National(1), DNumber(1), default]);
        revealed[2].LocalId.ShouldBe("A-æøå");
        revealed[2].ToString().ShouldBe("***");
        var row = (await vault.LogAsync("identity.reveal")).ShouldHaveSingleItem();
        (row.ActorId, row.Purpose, row.CaseReference, row.Subject, row.Count)
            .ShouldBe(("staff-1", "Retting", "26/17", $"{person.PersonKey.Value}", 3));
    }

    [Fact]
    public async Task Nothing_is_revealed_without_actor_purpose_and_case()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        var person = await vault.ResolveAsync(Claim(National(1)));
        AccessGround[] lacking =
        [
            StaffCase with { CaseReference = null }, StaffCase with { CaseReference = " " },
            StaffCase with { Purpose = "" },
            StaffCase with { Actor = new Actor("user", "") },
        ];

        foreach (var ground in lacking)
        {
            await Should.ThrowAsync<ArgumentException>(() =>
                vault.Reveal.HandleAsync([person.PersonKey], ground, Cancellation));
        }

        (await vault.LogAsync("identity.reveal")).ShouldBeEmpty();
    }

    [Fact]
    public async Task When_the_log_cannot_be_written_nothing_is_revealed()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        var person = await vault.ResolveAsync(Claim(National(1)));
        await using (var superuser = await vault.Databases.IdentityAsSuperuserAsync())
        {
            await using var command = superuser.CreateCommand();
            command.CommandText = "alter table audit.entry add constraint full_ck check (false) not valid";
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        await Should.ThrowAsync<Npgsql.PostgresException>(() =>
            vault.Reveal.HandleAsync([person.PersonKey], StaffCase, Cancellation));
    }

    [Fact]
    public void One_place_decrypts_and_one_place_calls_it()
    {
        var sources = Repository.Files("src/Identity", "*.cs")
            .ToDictionary(path => Path.GetFileName(path), File.ReadAllText, StringComparer.Ordinal);

        FilesWith(".Decrypt(").ShouldBe([$"{nameof(SealedIdentifier)}.cs"]);
        FilesWith("SealedIdentifier.Open(").ShouldBe([$"{nameof(LoggedDecryption)}.cs"]);

        IEnumerable<string> FilesWith(string text) =>
            sources.Where(source => source.Value.Contains(text, StringComparison.Ordinal)).Select(source => source.Key);
    }

    [Fact]
    public async Task No_digits_of_a_number_stand_in_the_vaults_tables()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        var numbers = Enumerable.Range(0, 50).Select(National).ToArray();
        var claims = numbers.Select((number, i) => Local($"LOCAL-{i}", number)).ToArray();
        await vault.Vault.ResolveAsync(claims, Reporting, Cancellation);

        var dump = await vault.ScalarAsync<string>(
            """
            select string_agg(encode(convert_to(row::text, 'UTF8'), 'escape'), ' ')
            from (
              select i::text || encode(i.ciphertext, 'escape') as row from identity.identifier i
              union all select p::text from identity.person p
              union all select e::text from audit.entry e) every
            """);

        dump.Length.ShouldBeGreaterThan(1000);
        numbers.ShouldAllBe(number => !dump.Contains(number.Reveal(), StringComparison.Ordinal));
        dump.ShouldNotContain("LOCAL-");
    }

    [Fact]
    public async Task A_ciphertext_moved_to_another_row_does_not_open()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        var persons = await vault.Vault.ResolveAsync([Claim(National(1)), Claim(National(2))], Reporting, Cancellation);
        await vault.ScalarAsync<int>(
            $"""
            update identity.identifier
            set ciphertext = (select ciphertext from identity.identifier
              where identifier_key = {persons[1].IdentifierKey.Value})
            where identifier_key = {persons[0].IdentifierKey.Value}
            returning 1
            """);

        await Should.ThrowAsync<System.Security.Cryptography.CryptographicException>(() =>
            vault.Reveal.HandleAsync([persons[0].PersonKey], StaffCase, Cancellation));
    }
}
