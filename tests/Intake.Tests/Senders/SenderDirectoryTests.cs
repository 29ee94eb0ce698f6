using System.Collections;
using System.Text;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Intake.Senders;
using Kilde.Intake.Tests.Kit;
using Kilde.Kernel;
using Kilde.Testing;
using static Kilde.Intake.Tests.Kit.Messages;

namespace Kilde.Intake.Tests.Senders;

public class SenderDirectoryTests(PostgresServer postgres)
{
    private static readonly AccessGround Staff = new(new Actor("user", "ansatt-1"), "drift");
    private static readonly DateOnly Today = new(2026, 3, 2);
    private static readonly OrganizationNumber SubUnitA = OrganizationNumber.Parse("910000047");
    private static readonly OrganizationNumber EnterpriseA = OrganizationNumber.Parse("910000055");

    private static readonly SenderConfiguration Sound = new(
        UnitA, "Helsestasjonen", EnterpriseA, [new SubUnit(SubUnitA, "Avdeling nord")], [new SenderVendor(Vendor)],
        [new Obligation(Consultation.Name, new DateOnly(2026, 1, 1))]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_accepted_as_soon_as_its_sender_is_configured_on_any_node()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        using var node = NewDirectory(intake);
        (await node.MaySendAsync(Sender, Consultation, Today, Cancellation)).ShouldBeFalse();

        await ConfigureAsync(intake, Sound);
        await Task.Delay(300, Cancellation);

        (await node.MaySendAsync(Sender, Consultation, Today, Cancellation)).ShouldBeTrue();
        (await intake.OneAsync<(string, string)>("select action, subject from audit.entry"))
            .ShouldBe(("sender.configured", UnitA.ToString()));
    }

    [Fact]
    public async Task Only_the_configured_unit_type_period_vendor_and_client_may_send()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        await ConfigureAsync(intake, Sound with
        {
            Vendors = [new SenderVendor(Vendor, "client-1")],
            Obligations = [new Obligation(Consultation.Name, new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 31))],
        });
        using var node = NewDirectory(intake);
        async Task<bool> MaySend(Intake.Log.Submitter sender, MessageType type, DateOnly on) =>
            await node.MaySendAsync(sender, type, on, Cancellation);
        var otherType = Catalogue.Find("HST_Avtale", "1")!;

        (await MaySend(Sender, Consultation, new DateOnly(2026, 3, 1))).ShouldBeTrue();
        (await MaySend(Sender, Consultation, new DateOnly(2026, 3, 31))).ShouldBeTrue();
        (await MaySend(Sender with { Vendor = null }, Consultation, Today)).ShouldBeTrue();
        (await MaySend(Sender with { SubUnit = SubUnitA }, Consultation, Today)).ShouldBeTrue();
        (await MaySend(Sender, Consultation, new DateOnly(2026, 2, 28))).ShouldBeFalse();
        (await MaySend(Sender, Consultation, new DateOnly(2026, 4, 1))).ShouldBeFalse();
        (await MaySend(Sender, otherType, Today)).ShouldBeFalse();
        (await MaySend(Sender with { Unit = UnitB }, Consultation, Today)).ShouldBeFalse();
        (await MaySend(Sender with { Vendor = UnitB }, Consultation, Today)).ShouldBeFalse();
        (await MaySend(Sender with { ClientId = "client-2" }, Consultation, Today)).ShouldBeFalse();
        (await MaySend(Sender with { SubUnit = UnitB }, Consultation, Today)).ShouldBeFalse();
    }

    [Fact]
    public async Task An_ended_obligation_is_refused_after_its_last_day()
    {
        await using var intake = await TestIntake.StartAsync(postgres, new IntakeOptions { SenderCacheSeconds = 1 });
        await ConfigureAsync(intake, Sound);
        var end = new EndObligation(intake.Databases.Register, intake.Audit);

        (await end.EndAsync(UnitA, Consultation.Name, Today, Staff, Cancellation)).ShouldBeTrue();
        (await end.EndAsync(UnitA, "HST_Avtale", Today, Staff, Cancellation)).ShouldBeFalse();

        using var node = NewDirectory(intake);
        (await node.MaySendAsync(Sender, Consultation, Today, Cancellation)).ShouldBeTrue();
        (await node.MaySendAsync(Sender, Consultation, Today.AddDays(1), Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task Organisations_in_the_message_must_belong_to_the_sender()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        await ConfigureAsync(intake, Sound);
        using var node = NewDirectory(intake);

        var findings = await node.CheckUnitsAsync(
            Sender, Content(UnitA, SubUnitA, EnterpriseA, UnitB, UnitB), takesValidationUnit: false, Cancellation);

        var finding = findings.ShouldHaveSingleItem();
        finding.Severity.ShouldBe(Severity.Error);
        finding.Text.ShouldContain(UnitB.ToString());
    }

    [Fact]
    public async Task A_sub_unit_named_inside_a_contact_must_belong_to_the_sender_too()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        await ConfigureAsync(intake, Sound);
        using var node = NewDirectory(intake);

        (await FindingsAsync(SubUnitA)).ShouldBeEmpty();
        (await FindingsAsync(UnitB)).ShouldHaveSingleItem().Text.ShouldContain(UnitB.ToString());

        ValueTask<IReadOnlyList<Finding>> FindingsAsync(OrganizationNumber subUnit) => node.CheckUnitsAsync(
            Sender, BasicMessage(UnitA, subUnit), takesValidationUnit: false, Cancellation);
    }

    private static MessageContent BasicMessage(OrganizationNumber unit, OrganizationNumber subUnit)
    {
        var reader = RepositoryDefinitions.Catalogue.FindReader("Basismelding", "1")!;
        var json =
            $$"""
            [{"orgNr":"{{unit}}","kontakt":[{"kontaktId":"B-1","underenhetOrgNr":"{{subUnit}}",
              "startTid":"2026-03-02T09:15:00+01:00","kontaktform":"1","tjenesteomrade":"HST","finansiering":"O",
              "person":{"personId":"P-1"} }]}]
            """;
        var content = reader.Read(
            Encoding.UTF8.GetBytes(json), new ReadOptions(PersonIdentifierPolicy.Everything, Today));
        content.IsAccepted.ShouldBeTrue(string.Join('\n', content.Findings));
        return content;
    }

    private static MessageContent Content(params OrganizationNumber[] units) => new(Consultation, IsAccepted: true, [],
    [
        new RecordBatch(
            Records, units.Length, units, [.. units.Select((_, i) => $"{i}")], new RowPerson[units.Length],
            [new ColumnVector<long>(ColumnKind.Integer, new long[units.Length], new BitArray(units.Length))], []),
    ]);

    private static Task ConfigureAsync(TestIntake intake, SenderConfiguration sender) =>
        new ConfigureSender(intake.Databases.Register, intake.Audit, intake.Clock)
            .ConfigureAsync(sender, Staff, Cancellation);

    private static SenderDirectory NewDirectory(TestIntake intake) => new(
        intake.Databases.Register, TimeProvider.System, Microsoft.Extensions.Options.Options.Create(intake.Options));
}
