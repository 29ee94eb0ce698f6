using Kilde.Kernel;
using Kilde.Testing;
using static Kilde.Identity.Tests.VaultFixture;

namespace Kilde.Identity.Tests;

public class TellTests(PostgresServer postgres)
{
    private const string Hospital = "974760673";

    [Fact]
    public async Task A_patient_number_told_of_before_it_is_seen_is_known_at_once()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());

        var told = await TellAsync(vault, National(1));

        told.ShouldBe(new IdentitiesTold(1, 1, 0, 0, 0));
        var patient = await vault.ResolveAsync(Patient());
        patient.PersonKey.ShouldBe((await vault.ResolveAsync(new(new(National(1)), Sender))).PersonKey);
        (await vault.Vault.ReadChangesAsync(0, 10, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_patient_number_seen_before_goes_to_its_person_when_told()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        var waiting = await vault.ResolveAsync(Patient());

        await TellAsync(vault, National(1));
        var again = await TellAsync(vault, National(1));

        again.ShouldBe(new IdentitiesTold(1, 0, 0, 0, 0));
        var patient = await vault.ResolveAsync(Patient());
        patient.IdentifierKey.ShouldBe(waiting.IdentifierKey);
        waiting.PersonKey.IsUnknownPerson.ShouldBeTrue();
        (await vault.Vault.ReadChangesAsync(0, 10, Cancellation)).ShouldBe(
            [new PersonChange(1, waiting.IdentifierKey, waiting.PersonKey, patient.PersonKey)]);
    }

    [Fact]
    public async Task A_later_message_corrects_and_an_older_does_not()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        await TellAsync(vault, National(1));

        var late = await TellAsync(vault, National(2), mayCorrect: false);
        var later = await TellAsync(vault, National(2));

        late.ShouldBe(new IdentitiesTold(1, 0, 0, 1, 0));
        later.ShouldBe(new IdentitiesTold(1, 0, 1, 0, 0));
        (await vault.ResolveAsync(Patient())).PersonKey.ShouldBe(
            (await vault.ResolveAsync(new(new(National(2)), Sender))).PersonKey);
        (await vault.Candidates.ListAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_patient_number_is_told_back_those_without_a_person_too()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());

        var (told, patients) = await vault.Vault.TellAsync(
            [Patient() with { Person = new RowPerson(National(1), LocalId: "P1") }, Patient("P2")], mayCorrect: true,
            Reporting, Cancellation);

        told.ShouldBe(new IdentitiesTold(2, 1, 0, 0, 1));
        var nobody = await vault.ResolveAsync(Patient("P2"));
        nobody.PersonKey.IsUnknownPerson.ShouldBeTrue();
        patients.ShouldBe([(await vault.ResolveAsync(Patient())).IdentifierKey, nobody.IdentifierKey]);
        (await vault.Vault.ReadChangesAsync(0, 10, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_number_at_another_institution_is_another_patient()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        await TellAsync(vault, National(1));

        var other = await vault.ResolveAsync(Patient() with { Institution = Hospital + "1" });
        var local = await vault.ResolveAsync(Patient() with { Institution = null });

        other.PersonKey.IsUnknownPerson.ShouldBeTrue();
        local.PersonKey.IsUnknownPerson.ShouldBeTrue();
        local.IdentifierKey.ShouldNotBe(other.IdentifierKey);
    }

    [Fact]
    public async Task Institution_and_number_cannot_be_mistaken_for_each_other()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());

        var one = await vault.ResolveAsync(Patient("23") with { Institution = "1" });
        var other = await vault.ResolveAsync(Patient("3") with { Institution = "12" });

        one.IdentifierKey.ShouldNotBe(other.IdentifierKey);
    }

    private static IdentifierClaim Patient(string number = "P1") =>
        new(new RowPerson(default, LocalId: number), Sender) { Institution = Hospital };

    private static async Task<IdentitiesTold> TellAsync(
        VaultFixture vault, PersonIdentifier person, bool mayCorrect = true) =>
        (await vault.Vault.TellAsync(
            [new(new RowPerson(person, LocalId: "P1"), Sender) { Institution = Hospital }], mayCorrect, Reporting,
            Cancellation)).Told;
}
