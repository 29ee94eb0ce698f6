using Kilde.Kernel;
using Kilde.Testing;
using static Kilde.Identity.Tests.VaultFixture;

namespace Kilde.Identity.Tests;

public class ResolveTests(PostgresServer postgres)
{
    [Fact]
    public async Task An_identifier_has_one_person_now_later_and_after_a_restart()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());

        var first = await vault.ResolveAsync(Claim(National(1)));
        var again = await vault.ResolveAsync(Claim(National(1)));
        var restarted = (await vault.Restarted().ResolveAsync([Claim(National(1))], Reporting, Cancellation))[0];
        var other = await vault.ResolveAsync(Claim(National(2)));

        again.ShouldBe(first);
        restarted.ShouldBe(first);
        other.PersonKey.ShouldNotBe(first.PersonKey);
        first.PersonKey.Value.ShouldBePositive();
        first.IdentifierKey.Value.ShouldBePositive();
    }

    [Fact]
    public async Task Two_numbers_in_one_record_are_one_person_whichever_is_seen_first()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        var before = await vault.ResolveAsync(Claim(DNumber(1)));

        var both = await vault.ResolveAsync(Claim(National(1), DNumber(1)));
        var after = await vault.ResolveAsync(Claim(National(1)));

        both.PersonKey.ShouldBe(before.PersonKey);
        after.ShouldBe(both);
        both.IdentifierKey.ShouldNotBe(before.IdentifierKey);
        (await vault.Vault.ReadChangesAsync(0, 10, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_known_persons_in_one_record_go_to_staff_and_are_not_merged()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        var national = await vault.ResolveAsync(Claim(National(1)));
        var temporary = await vault.ResolveAsync(Claim(DNumber(1)));

        for (var i = 0; i < 3; i++)
            (await vault.ResolveAsync(Claim(National(1), DNumber(1)))).PersonKey.ShouldBe(national.PersonKey);

        var candidate = (await vault.Candidates.ListAsync(Cancellation)).ShouldHaveSingleItem();
        ((PersonKey[])[candidate.PersonKey, candidate.OtherPersonKey])
            .ShouldBe([national.PersonKey, temporary.PersonKey], ignoreOrder: true);
        (await vault.ResolveAsync(Claim(DNumber(1)))).PersonKey.ShouldBe(temporary.PersonKey);

        (await vault.Candidates.KeepApartAsync(temporary.PersonKey, national.PersonKey, StaffCase, Cancellation))
            .ShouldBeTrue();
        await vault.Restarted().ResolveAsync([Claim(National(1), DNumber(1))], Reporting, Cancellation);
        (await vault.Candidates.ListAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_local_number_is_an_unknown_person_until_a_record_tells_who()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        var unknown = await vault.ResolveAsync(Local("A-17"));
        (await vault.ResolveAsync(Local("A-17"))).ShouldBe(unknown);
        unknown.PersonKey.IsUnknownPerson.ShouldBeTrue();

        var told = await vault.ResolveAsync(Local("A-17", National(1)));
        var known = await vault.ResolveAsync(Local("A-17"));

        known.PersonKey.ShouldBe(told.PersonKey);
        known.IdentifierKey.ShouldBe(unknown.IdentifierKey);
        (await vault.Vault.ReadChangesAsync(0, 10, Cancellation)).ShouldBe(
            [new PersonChange(1, unknown.IdentifierKey, unknown.PersonKey, told.PersonKey)]);
        told.ChangeNo.ShouldBe(1);
    }

    [Fact]
    public async Task A_local_number_told_to_be_two_persons_stays_and_goes_to_staff()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        var first = await vault.ResolveAsync(Local("A-17", National(1)));
        var second = await vault.ResolveAsync(Local("A-17", National(2)));

        second.PersonKey.ShouldNotBe(first.PersonKey);
        (await vault.ResolveAsync(Local("A-17"))).PersonKey.ShouldBe(first.PersonKey);
        (await vault.Candidates.ListAsync(Cancellation)).ShouldHaveSingleItem().Basis.ShouldBe("local number");
    }

    [Fact]
    public async Task Local_and_help_numbers_mean_nothing_across_senders()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        PersonIdentifier.TryParse("01410199902", PersonIdentifierKind.HNumber, out var help).ShouldBeTrue();
        var claims = new[]
        {
            Local("A-17"), Local("A-17") with { Scope = OtherSender },
            Claim(help), Claim(help) with { Scope = OtherSender },
            Claim(National(1)), Claim(National(1)) with { Scope = OtherSender },
        };

        var persons = await vault.Vault.ResolveAsync(claims, Reporting, Cancellation);

        persons[0].PersonKey.ShouldNotBe(persons[1].PersonKey);
        persons[2].PersonKey.ShouldNotBe(persons[3].PersonKey);
        persons[4].PersonKey.ShouldBe(persons[5].PersonKey);
    }

    [Fact]
    public async Task A_claim_that_names_nobody_gets_an_unknown_person_of_its_own()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        var persons = await vault.Vault.ResolveAsync([Claim(), Claim()], Reporting, Cancellation);

        persons.ShouldAllBe(person => person.PersonKey.IsUnknownPerson && person.IdentifierKey == new IdentifierKey(0));
        persons[0].PersonKey.ShouldNotBe(persons[1].PersonKey);
    }

    [Fact]
    public async Task The_same_new_identifiers_from_many_at_once_get_one_person_each()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        var other = vault.Restarted();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(caller => Task.Run(async () =>
        {
            // Half of them in one batch of their own, half shared, each in another order.
            var node = caller % 2 == 0 ? vault.Vault : other;
            var order = Enumerable.Range(0, 300).Select(i => (i * 7 + caller * 41) % 300).ToArray();
            var claims = order.Select(i => Claim(National(i), DNumber(i))).ToArray();
            var persons = caller % 3 == 0
                ? await node.ResolveAsync(claims, Reporting, Cancellation)
                : (await Task.WhenAll(
                    claims.Chunk(25).Select(part => node.ResolveAsync(part, Reporting, Cancellation))))
                    .SelectMany(part => part).ToArray();
            return order.Zip(persons).OrderBy(pair => pair.First).Select(pair => pair.Second.PersonKey).ToArray();
        }, Cancellation)));

        answers.ShouldAllBe(persons => persons.SequenceEqual(answers[0]));
        answers[0].Distinct().Count().ShouldBe(300);
        (await vault.ScalarAsync<long>("select count(*) from identity.identifier")).ShouldBe(600);
        (await vault.ScalarAsync<long>("select count(*) from identity.person")).ShouldBe(300);
        (await vault.VerifyLogAsync()).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_question_is_logged_with_its_ground_and_refused_without()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        await vault.Vault.ResolveAsync([Claim(National(1)), Claim(National(2))], Reporting, Cancellation);

        var row = (await vault.LogAsync("identity.resolve")).ShouldHaveSingleItem();
        (row.Purpose, row.Count, row.ActorId).ShouldBe(("Mottak", 2, "test"));
        await Should.ThrowAsync<ArgumentException>(() =>
            vault.Vault.ResolveAsync([Claim(National(1))], Reporting with { Purpose = " " }, Cancellation));
    }
}
