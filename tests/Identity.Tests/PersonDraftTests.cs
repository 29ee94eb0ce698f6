using Kilde.Testing;
using static Kilde.Identity.Tests.VaultFixture;

namespace Kilde.Identity.Tests;

public class PersonDraftTests(PostgresServer postgres)
{
    [Fact]
    public async Task Nothing_is_written_of_a_draft_that_is_not_kept()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        var draft = vault.Vault.BeginDraft();

        var drafted = await AskAsync(draft, Local("A-17"), Claim(National(1)));

        drafted[0].PersonKey.IsUnknownPerson.ShouldBeTrue();
        drafted[1].PersonKey.IsUnknownPerson.ShouldBeFalse();
        (await vault.ScalarAsync<long>("select count(*) from identity.identifier")).ShouldBe(0);
        (await vault.ScalarAsync<long>("select count(*) from identity.person")).ShouldBe(0);
        (await vault.ResolveAsync(Local("A-17"))).ShouldNotBe(drafted[0]);
    }

    [Fact]
    public async Task What_is_drafted_is_the_same_throughout_and_when_it_is_kept()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        var known = await vault.ResolveAsync(Claim(National(2)));
        var draft = vault.Vault.BeginDraft();
        var first = await AskAsync(draft, Local("A-17"), Local("B-2", National(2)), Claim(National(1)));

        var again = await AskAsync(draft, Claim(National(1)), Local("A-17"), Local("B-2"));
        (await draft.KeepAsync(Cancellation)).ShouldBeTrue();

        again.ShouldBe([first[2], first[0], again[2]]);
        again[2].PersonKey.ShouldBe(known.PersonKey);
        (await vault.ResolveAsync(Local("A-17"))).ShouldBe(first[0]);
        (await vault.ResolveAsync(Claim(National(1)))).ShouldBe(first[2]);
        (await vault.ResolveAsync(Local("B-2"))).ShouldBe(again[2]);
        (await vault.LogAsync("identity.resolve")).Count.ShouldBe(7);
    }

    [Fact]
    public async Task A_draft_is_not_kept_when_one_of_its_identifiers_has_been_seen_meanwhile()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        var draft = vault.Vault.BeginDraft();
        await AskAsync(draft, Local("A-17"), Local("A-18"));
        var other = await vault.ResolveAsync(Local("A-18"));

        (await draft.KeepAsync(Cancellation)).ShouldBeFalse();

        (await vault.ScalarAsync<long>("select count(*) from identity.identifier")).ShouldBe(1);
        (await vault.ResolveAsync(Local("A-18"))).ShouldBe(other);
    }

    [Fact]
    public async Task A_draft_is_not_kept_when_a_person_has_changed_meanwhile()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        await vault.ResolveAsync(Local("C-3"));
        var draft = vault.Vault.BeginDraft();
        await AskAsync(draft, Local("A-17"));
        await vault.ResolveAsync(Local("C-3", National(3)));

        (await draft.KeepAsync(Cancellation)).ShouldBeFalse();
        (await vault.Vault.BeginDraft().KeepAsync(Cancellation)).ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_more_than_new_identifiers_is_not_drafted()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        await vault.ResolveAsync(Local("C-3"));
        await vault.ResolveAsync(Claim(National(1)));
        await vault.ResolveAsync(Claim(DNumber(1)));

        (await vault.Vault.BeginDraft().ResolveAsync([Local("C-3", National(3))], Reporting, Cancellation))
            .ShouldBeNull();
        (await vault.Vault.BeginDraft().ResolveAsync([Claim(National(1), DNumber(1))], Reporting, Cancellation))
            .ShouldBeNull();
    }

    private static async Task<ResolvedPerson[]> AskAsync(PersonDraft draft, params IdentifierClaim[] claims) =>
        (await draft.ResolveAsync(claims, Reporting, Cancellation)).ShouldNotBeNull();
}
