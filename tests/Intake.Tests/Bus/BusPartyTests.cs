using System.Text;
using Kilde.Intake.Bus;
using Kilde.Intake.Parties;
using Kilde.Intake.Tests.Headers;
using Kilde.Intake.Tests.Kit;
using Kilde.Kernel;
using Kilde.Testing;

namespace Kilde.Intake.Tests.Bus;

/// <summary>What the party register says of the parties that a header names.</summary>
public sealed class BusPartyTests(PostgresServer postgres, RabbitServer rabbit)
{
    [Fact]
    public async Task A_party_without_an_organisation_above_it_may_name_itself_as_its_own()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);

        (await FaultAsync(bus, bus.Envelope with { SenderUnit = bus.Sender.Number })).ShouldBeNull();
    }

    [Fact]
    public async Task A_unit_names_the_organisation_that_is_registered()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        var organisation = HerId.Parse("4712");
        await bus.RegisterAsync(new Party(organisation, "Testsund HF", Unit: Messages.UnitA));
        await bus.RegisterAsync(new Party(bus.Sender, "Testsund", organisation, Messages.UnitA));
        var sent = bus.Envelope with { SenderUnit = bus.Sender.Number };

        (await FaultAsync(bus, sent with { SenderOrganisation = 4711 })).ShouldBe("abuse:spoofing-attack");
        (await FaultAsync(bus, sent with { SenderOrganisation = organisation.Number })).ShouldBeNull();
    }

    [Fact]
    public async Task Our_mailbox_is_addressed_under_the_organisation_that_is_registered()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        var organisation = HerId.Parse("85217");
        await bus.RegisterAsync(new Party(organisation, "FHI", IsOwn: true));
        await bus.RegisterAsync(new Party(bus.Mailbox, "NPR", organisation, IsOwn: true));

        (await FaultAsync(bus, bus.Envelope with { ReceiverOrganisation = 4242 }))
            .ShouldBe("transport:invalid-field-value");
        (await FaultAsync(bus, bus.Envelope with { ReceiverOrganisation = organisation.Number })).ShouldBeNull();
    }

    [Fact]
    public async Task A_mailbox_without_a_registered_organisation_takes_what_senders_call_it()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);

        (await FaultAsync(bus, bus.Envelope with { ReceiverOrganisation = 4242 })).ShouldBeNull();
    }

    /// <summary>The condition that a message was refused with, or null.</summary>
    private static async Task<string?> FaultAsync(BusKit bus, Envelope envelope)
    {
        await bus.SendAsync(bus.Seal(envelope));
        await bus.ReadAllAsync();
        return await bus.TakeAsync(BusQueues.Errors(bus.Sender)) is { } error
            ? Encoding.UTF8.GetString((byte[])error.BasicProperties.Headers!["errorCondition"]!)
            : null;
    }
}
