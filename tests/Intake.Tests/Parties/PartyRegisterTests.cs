using System.Security.Cryptography.X509Certificates;
using Kilde.Audit;
using Kilde.Intake.Parties;
using Kilde.Intake.Tests.Kit;
using Kilde.Kernel;
using Kilde.Testing;

namespace Kilde.Intake.Tests.Parties;

public sealed class PartyRegisterTests(PostgresServer postgres)
{
    private static readonly HerId Hospital = HerId.Parse("9001");
    private static readonly HerId Ward = HerId.Parse("9002");
    private static readonly HerId Mailbox = HerId.Parse("8001");
    private static readonly AccessGround Ground = new(Actor.System("test"), "test");

    [Fact]
    public async Task A_unit_has_its_organisation_s_certificates_until_it_has_its_own()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        var register = await StartAsync(intake);
        var first = Certificates.New("Sykehuset");
        await RegisterAsync(intake, Hospital, first);

        ThumbprintOf(await register.FindAsync(Ward, TestIntake.Cancellation)).ShouldBe(first.Thumbprint);

        var second = Certificates.New("Avdelingen");
        await RegisterAsync(intake, Ward, second);

        ThumbprintOf(await register.FindAsync(Ward, TestIntake.Cancellation)).ShouldBe(second.Thumbprint);
        ThumbprintOf(await register.FindAsync(Hospital, TestIntake.Cancellation)).ShouldBe(first.Thumbprint);
    }

    [Fact]
    public async Task A_new_certificate_ends_the_one_before_on_the_second()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        var register = await StartAsync(intake);
        var (before, after) = (Certificates.New("Før"), Certificates.New("Etter"));
        var cutOver = intake.Clock.GetUtcNow().AddDays(10);
        await RegisterAsync(intake, Hospital, before);
        await RegisterAsync(intake, Hospital, after, cutOver);

        var party = (await register.FindAsync(Hospital, TestIntake.Cancellation))!;

        party.Current(CertificateUsage.Sign, cutOver.AddSeconds(-1))!.Certificate.Thumbprint.ShouldBe(
            before.Thumbprint);
        party.Current(CertificateUsage.Sign, cutOver)!.Certificate.Thumbprint.ShouldBe(after.Thumbprint);
        party.Certificates.Single(one => one.Certificate.Thumbprint == before.Thumbprint)
            .StandingAt(cutOver).ShouldBe(CertificateStanding.Expired);
    }

    [Fact]
    public async Task Our_own_keys_open_what_they_sealed_and_both_count_during_the_change()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        var register = await StartAsync(intake);
        var use = NewUseCase(intake);
        for (var i = 0; i < 2; i++)
        {
            await use.MakeOwnAsync(
                Mailbox, CertificateUsage.Encrypt, TimeSpan.FromDays(30), Ground, TestIntake.Cancellation);
        }

        var party = (await register.FindAsync(Mailbox, TestIntake.Cancellation))!;

        party.Certificates.Count.ShouldBe(2);
        party.Certificates.ShouldAllBe(one => one.Certificate.HasPrivateKey
            && one.StandingAt(intake.Clock.GetUtcNow()) == CertificateStanding.Valid);
        (await intake.OneAsync<bool>(
            "select bool_and(octet_length(wrapped_private) > 100) from intake.party_certificate")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_revoked_certificate_is_known_as_such()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        var register = await StartAsync(intake);
        var certificate = Certificates.New("Sykehuset");
        await RegisterAsync(intake, Hospital, certificate);

        var use = NewUseCase(intake);
        var thumbprint = RegisterCertificate.ThumbprintOf(certificate);
        (await use.RevokeAsync(Hospital, thumbprint, Ground, TestIntake.Cancellation)).ShouldBeTrue();
        (await use.RevokeAsync(Hospital, thumbprint, Ground, TestIntake.Cancellation)).ShouldBeFalse();

        (await register.FindAsync(Hospital, TestIntake.Cancellation))!.Certificates.Single()
            .StandingAt(intake.Clock.GetUtcNow()).ShouldBe(CertificateStanding.Revoked);
    }

    [Fact]
    public async Task A_weak_key_is_not_registered()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        await StartAsync(intake);

        await Should.ThrowAsync<ArgumentException>(
            () => RegisterAsync(intake, Hospital, Certificates.New("Svak", bits: 1_024)));
    }

    [Fact]
    public async Task Nobody_has_an_unregistered_number()
    {
        await using var intake = await TestIntake.StartAsync(postgres);

        (await (await StartAsync(intake)).FindAsync(HerId.Parse("1"), TestIntake.Cancellation)).ShouldBeNull();
    }

    private static string? ThumbprintOf(RegisteredParty? party) => party!.Certificates.Single().Certificate.Thumbprint;

    private static RegisterCertificate NewUseCase(TestIntake intake) =>
        new(intake.Databases.Register, intake.Audit, intake.Keys, intake.Clock);

    private static Task<PartyCertificate> RegisterAsync(
        TestIntake intake, HerId party, X509Certificate2 certificate, DateTimeOffset? from = null) =>
        NewUseCase(intake).RegisterAsync(
            party, CertificateUsage.Sign, certificate, from, to: null, Ground, TestIntake.Cancellation);

    private static async Task<PartyRegister> StartAsync(TestIntake intake)
    {
        var use = new RegisterParty(intake.Databases.Register, intake.Audit, intake.Clock);
        Party[] parties =
        [
            new(Hospital, "Testsund sykehus HF", Unit: Messages.UnitA),
            new(Ward, "Medisin", Parent: Hospital, Unit: Messages.UnitA),
            new(Mailbox, "Kilde", IsOwn: true),
        ];
        foreach (var party in parties) await use.RegisterAsync(party, Ground, TestIntake.Cancellation);
        return new PartyRegister(intake.Databases.Register, intake.Keys);
    }
}
