using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Kilde.Intake.Bus;
using Kilde.Intake.Headers;
using Kilde.Intake.Parties;
using Kilde.Intake.Tests.Headers;
using Kilde.Intake.Tests.Kit;
using Kilde.Testing;
using RabbitMQ.Client;

[assembly: AssemblyFixture(typeof(RabbitServer))]

namespace Kilde.Intake.Tests.Bus;

public sealed class BusTests(PostgresServer postgres, RabbitServer rabbit)
{
    [Fact]
    public async Task A_message_goes_from_the_queue_to_the_register_and_its_sender_gets_the_receipt()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        await bus.SendAsync(bus.Seal(bus.Envelope));

        await bus.ReadAllAsync();
        (await bus.CountAsync(BusQueues.Messages(bus.Mailbox))).ShouldBe(0u);
        await bus.Intake.JudgeAllAsync();
        await bus.Intake.MergeAllAsync();
        (await bus.Receipts.StepAsync(TestIntake.Cancellation)).ShouldBeTrue();
        (await bus.Receipts.StepAsync(TestIntake.Cancellation)).ShouldBeFalse();

        (await bus.Intake.Register.RecordsAsync(Messages.UnitA))["1"].ShouldBe(10);
        var answer = (await bus.TakeAsync(BusQueues.Messages(bus.Sender))).ShouldNotBeNull();
        var message = BusMessage.Of(answer.BasicProperties, answer.Body);
        message.Subject.ShouldBe("APPREC");
        message.FromHerId.ShouldBe(bus.Mailbox.ToString());
        var receipt = await bus.OpenAsync(message);
        receipt.Status.ShouldBe(AppRecStatus.Ok);
        receipt.Version.ShouldBe(AppRecVersion.V11);
        receipt.Answers.MessageId.ShouldBe(bus.Envelope.MessageId);
    }

    [Fact]
    public async Task An_amqp_1_0_client_is_understood_too()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        await SendWithAmqp10Async(bus, bus.Seal(bus.Envelope));

        await bus.ReadAllAsync();

        (await bus.Intake.Intake.OneAsync<string>("select state from intake.submission")).ShouldBe("received");
        (await bus.CountAsync(BusQueues.Errors(bus.Sender))).ShouldBe(0u);
    }

    // The properties that § 3.1 of the standard's profile counts as mandatory, and what an error message tells.
    [Fact]
    public async Task An_amqp_1_0_client_reads_our_answers()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        await bus.SendAsync(bus.Seal(bus.Envelope));
        await bus.SendAsync("ikke kryptert"u8.ToArray());
        await bus.ReadAllAsync();
        await bus.Intake.JudgeAllAsync();
        (await bus.Receipts.StepAsync(TestIntake.Cancellation)).ShouldBeTrue();
        var (messages, errors) = (BusQueues.Messages(bus.Sender), BusQueues.Errors(bus.Sender));

        var receipt = await ReadWithAmqp10Async(bus, messages);
        var error = await ReadWithAmqp10Async(bus, errors);

        Standard(receipt).ShouldBe((messages, "APPREC", BusSending.ProtectedType));
        receipt.GetProperty("reply_to").GetString().ShouldBe(BusQueues.Messages(bus.Mailbox));
        Standard(error).ShouldBe((errors, "NPR_ORD", "text/plain"));
        error.GetProperty("correlation_id").GetString().ShouldBe("melding-1");
        foreach (var answer in (JsonElement[])[receipt, error])
        {
            answer.GetProperty("message_id").GetGuid().ShouldNotBe(Guid.Empty);
            var application = answer.GetProperty("application_properties");
            application.GetProperty("fromHerId").GetInt32().ShouldBe(bus.Mailbox.Number);
            application.GetProperty("toHerId").GetInt32().ShouldBe(bus.Sender.Number);
            application.GetProperty("applicationTimeStamp").GetDateTimeOffset()
                .ShouldBe(bus.Intake.Intake.Clock.GetUtcNow());
        }

        var told = error.GetProperty("application_properties");
        told.GetProperty("errorCondition").GetString().ShouldBe("transport:unsupported-message");
        told.GetProperty("errorDescription").GetString().ShouldNotBeNullOrEmpty();
        told.GetProperty("originalMessageId").GetString().ShouldBe("melding-1");
        told.GetProperty("receiverTimeStamp").GetString().ShouldNotBeNullOrEmpty();
        told.TryGetProperty("errorConditionData", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_header_without_a_message_in_it_is_answered_with_a_rejection()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        var message = bus.Envelope.ToXml();
        message.Descendants(Envelope.Head + "Content").Single().Remove();
        await bus.SendAsync(MessageProtection.Seal(
            Encoding.UTF8.GetBytes(message.ToString()), bus.SenderCertificate, bus.MailboxCertificate));

        await bus.ReadAllAsync();
        await bus.Intake.JudgeAllAsync();
        (await bus.Receipts.StepAsync(TestIntake.Cancellation)).ShouldBeTrue();

        var answer = (await bus.TakeAsync(BusQueues.Messages(bus.Sender))).ShouldNotBeNull();
        var receipt = await bus.OpenAsync(BusMessage.Of(answer.BasicProperties, answer.Body));
        receipt.Status.ShouldBe(AppRecStatus.Rejected);
        receipt.Errors.Single().Code.ShouldBe(AppRecError.FormatNotSupported);
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "no subject", "transport:invalid-field-value" },
        { "no timestamp", "transport:invalid-field-value" },
        { "wrong mailbox", "transport:invalid-field-value" },
        { "plain text", "transport:unsupported-message" },
        { "too large", "transport:unsupported-message" },
        { "not cms", "transport:unsupported-message" },
        { "truncated", "transport:unsupported-message" },
        { "other signer", "transport:unverified-certificate" },
        { "other sender in header", "abuse:spoofing-attack" },
        { "other receiver in header", "transport:invalid-field-value" },
        { "other function in header", "transport:invalid-field-value" },
        { "other organisation in header", "abuse:spoofing-attack" },
        { "said to be a receipt", "transport:invalid-field-value" },
        { "said to be a receipt in header too", "transport:invalid-field-value" },
        { "said to be a fault", "transport:invalid-field-value" },
        { "not xml", "transport:not-well-formed-xml" },
        { "no header", "transport:not-well-formed-xml" },
        { "other version of header", "transport:not-well-formed-xml" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Each_fault_is_told_with_its_condition_and_logged(string fault, string condition)
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        var (body, change) = Faulty(bus, fault);
        await bus.SendAsync(body, change);

        await bus.ReadAllAsync();

        (await bus.CountAsync(BusQueues.Messages(bus.Mailbox))).ShouldBe(0u);
        var error = (await bus.TakeAsync(BusQueues.Errors(bus.Sender))).ShouldNotBeNull();
        Header(error, "errorCondition").ShouldBe(condition);
        Header(error, "originalMessageId").ShouldBe("melding-1");
        Header(error, "errorDescription").ShouldNotBeEmpty();
        (await bus.Intake.Intake.AllAsync<string>("select state from intake.submission")).ShouldBe(["rejected"]);
        (await bus.Intake.Intake.OneAsync<long>("select count(*) from intake.payload")).ShouldBe(0);
    }

    [Fact]
    public async Task Nobody_unknown_is_answered()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        await bus.SendAsync(bus.Seal(bus.Envelope), properties => properties.Headers!["fromHerId"] = 99);

        await bus.ReadAllAsync();

        (await bus.CountAsync(BusQueues.Errors(bus.Sender))).ShouldBe(0u);
        (await bus.Intake.Intake.OneAsync<int>("select error_code from intake.submission"))
            .ShouldBe((int)BusFaultCode.InvalidFieldValue);
    }

    [Fact]
    public async Task The_same_message_again_changes_nothing()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        await bus.SendAsync(bus.Seal(bus.Envelope));
        await bus.SendAsync(bus.Seal(bus.Envelope));

        await bus.ReadAllAsync();

        (await bus.Intake.Intake.OneAsync<long>("select count(*) from intake.submission")).ShouldBe(1);
        (await bus.Intake.Intake.OneAsync<long>("select count(*) from intake.repetition")).ShouldBe(1);
        (await bus.CountAsync(BusQueues.Errors(bus.Sender))).ShouldBe(0u);
        await bus.Intake.JudgeAllAsync();
        (await bus.ReceiptsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_same_message_after_its_receipt_gets_the_same_receipt_again()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        await bus.SendAsync(bus.Seal(bus.Envelope));
        await bus.ReadAllAsync();
        await bus.Intake.JudgeAllAsync();
        var first = (await bus.ReceiptsAsync()).ShouldHaveSingleItem();

        for (var i = 0; i < 5; i++) await bus.SendAsync(bus.Seal(bus.Envelope));
        await bus.ReadAllAsync();
        await bus.Intake.JudgeAllAsync();

        var again = (await bus.ReceiptsAsync()).ShouldHaveSingleItem();
        again.Id.ShouldBe(first.Id);
        again.Answers.ShouldBe(first.Answers);
        (await bus.Intake.Intake.OneAsync<long>("select count(*) from intake.submission")).ShouldBe(1);
    }

    [Fact]
    public async Task An_id_used_again_for_another_message_is_refused()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        await bus.SendAsync(bus.Seal(bus.Envelope));
        await bus.SendAsync(bus.Seal(bus.Envelope with { Payload = PlainXml.Message("<R id=\"1\" v=\"11\"/>") }));

        await bus.ReadAllAsync();

        var error = (await bus.TakeAsync(BusQueues.Errors(bus.Sender))).ShouldNotBeNull();
        Header(error, "errorConditionData").ShouldBe("MsgId");
        (await bus.Intake.Intake.OneAsync<long>("select count(*) from intake.waiting")).ShouldBe(1);
    }

    [Fact]
    public async Task A_certificate_that_ended_a_second_ago_is_refused_and_logged()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        var clock = bus.Intake.Intake.Clock;
        await new RegisterCertificate(
            bus.Intake.Intake.Databases.Register, bus.Intake.Intake.Audit, bus.Intake.Intake.Keys, clock)
            .RegisterAsync(
                bus.Sender, CertificateUsage.Sign, Certificates.New("Ny"), clock.GetUtcNow().AddSeconds(-1), to: null,
                XmlIntake.Ground, TestIntake.Cancellation);
        await bus.SendAsync(bus.Seal(bus.Envelope));

        await bus.ReadAllAsync();

        Header((await bus.TakeAsync(BusQueues.Errors(bus.Sender)))!, "errorCondition")
            .ShouldBe("transport:expired-certificate");
        (await bus.Intake.Intake.OneAsync<int>("select error_code from intake.submission"))
            .ShouldBe((int)BusFaultCode.ExpiredCertificate);
    }

    [Fact]
    public async Task After_ten_attempts_a_message_goes_to_the_dead_letter_queue_and_its_sender_is_told()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        await using (var owner = await bus.Intake.Intake.Databases.RegisterAsSuperuserAsync())
        {
            await Dapper.SqlMapper.ExecuteAsync(
                owner,
                "alter table intake.payload add constraint broken check (submission_id is null) not valid");
        }

        await bus.SendAsync(bus.Seal(bus.Envelope));
        var attempts = 0;
        while (await bus.CountAsync(BusQueues.Dead(bus.Mailbox)) == 0 && attempts < 50)
        {
            if (await bus.Queues.StepAsync(TestIntake.Cancellation)) attempts++;
        }

        attempts.ShouldBe(10);
        (await bus.CountAsync(BusQueues.Messages(bus.Mailbox))).ShouldBe(0u);
        Header((await bus.TakeAsync(BusQueues.Errors(bus.Sender)))!, "errorCondition")
            .ShouldBe("transport:internal-error");
        (await bus.Intake.Intake.OneAsync<long>("select count(*) from intake.bus_attempt")).ShouldBe(0);
    }

    // What the server does with a message that was held for half an hour, and with one that was held when we stopped.
    [Fact]
    public async Task A_message_that_the_server_took_back_again_and_again_has_used_up_no_attempts()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        await bus.SendAsync(bus.Seal(bus.Envelope));
        for (var i = 0; i < 25; i++) await bus.HoldAndLoseAsync(BusQueues.Messages(bus.Mailbox));

        await bus.ReadAllAsync();

        (await bus.CountAsync(BusQueues.Dead(bus.Mailbox))).ShouldBe(0u);
        (await bus.CountAsync(BusQueues.Messages(bus.Mailbox))).ShouldBe(0u);
        (await bus.Intake.Intake.OneAsync<string>("select state from intake.submission")).ShouldBe("received");
    }

    [Fact]
    public async Task A_queue_that_somebody_else_made_otherwise_is_read_as_it_is()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        var queue = BusQueues.Messages(bus.Mailbox);
        await bus.Channel.QueueDeleteAsync(queue, cancellationToken: TestIntake.Cancellation);
        await bus.Channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = 3 },
            cancellationToken: TestIntake.Cancellation);
        await bus.SendAsync(bus.Seal(bus.Envelope));
        await using var node = bus.NewNode();

        while (await node.StepAsync(TestIntake.Cancellation))
        {
        }

        (await bus.Intake.Intake.OneAsync<string>("select state from intake.submission")).ShouldBe("received");
    }

    [Fact]
    public async Task A_receipt_without_a_queue_waits()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        await bus.SendAsync(bus.Seal(bus.Envelope));
        await bus.ReadAllAsync();
        await bus.Intake.JudgeAllAsync();
        await bus.Channel.QueueDeleteAsync(
            BusQueues.Messages(bus.Sender), cancellationToken: TestIntake.Cancellation);

        (await bus.Receipts.StepAsync(TestIntake.Cancellation)).ShouldBeTrue();

        (await bus.Intake.Intake.OneAsync<bool>("select sent_at is null from intake.receipt")).ShouldBeTrue();
        (await bus.Receipts.StepAsync(TestIntake.Cancellation)).ShouldBeFalse();
    }

    private static (byte[] Body, Action<BasicProperties>? Change) Faulty(BusKit bus, string fault)
    {
        var sound = bus.Envelope;
        var body = bus.Seal(sound);
        byte[] Sealed(string content) => MessageProtection.Seal(
            Encoding.UTF8.GetBytes(content), bus.SenderCertificate, bus.MailboxCertificate);
        return fault switch
        {
            "no subject" => (body, properties =>
            {
                properties.Headers!.Remove("x-amqp-1.0-subject");
                properties.Type = null;
            }),
            "no timestamp" => (body, properties => properties.Headers!.Remove("applicationTimeStamp")),
            "wrong mailbox" => (body, properties => properties.Headers!["toHerId"] = bus.Sender.Number),
            "plain text" => (sound.ToBytes(), properties => properties.ContentType = "text/plain"),
            "too large" => (new byte[(1 << 20) + 1], null),
            "not cms" => (sound.ToBytes(), null),
            "truncated" => (body[..^100], null),
            "other signer" => (MessageProtection.Seal(
                sound.ToBytes(), Certificates.New("Fremmed"), bus.MailboxCertificate), null),
            "other sender in header" => (bus.Seal(sound with { SenderOrganisation = 4711 }), null),
            "other receiver in header" => (bus.Seal(sound with { ReceiverUnit = 4711 }), null),
            "other organisation in header" => (
                bus.Seal(sound with { SenderOrganisation = 4711, SenderUnit = bus.Sender.Number }), null),
            "said to be a receipt" => (body, properties => Name(properties, "APPREC")),
            "said to be a receipt in header too" => (
                bus.Seal(sound with { Function = "APPREC" }), properties => Name(properties, "APPREC")),
            "said to be a fault" => (body, properties => Name(properties, "AMQP_SOAP_FAULT")),
            "other function in header" => (bus.Seal(sound with { Function = "NPR_IDE" }), null),
            "not xml" => (Sealed("ikke xml"), null),
            "no header" => (Sealed(PlainXml.Message("")), null),
            "other version of header" => (bus.Seal(sound with { MigVersion = "v1.1 2006-02-15" }), null),
            _ => throw new UnreachableException(),
        };
    }

    private static void Name(BasicProperties properties, string subject)
    {
        properties.Type = subject;
        properties.Headers!["x-amqp-1.0-subject"] = subject;
    }

    private static (string? To, string? Subject, string? ContentType) Standard(JsonElement message) => (
        message.GetProperty("to").GetString(), message.GetProperty("subject").GetString(),
        message.GetProperty("content_type").GetString());

    private static async Task<JsonElement> ReadWithAmqp10Async(BusKit bus, string queue) =>
        JsonElement.Parse(await Amqp10Client.RunAsync("amqp10-reader.js", new { address = bus.Address, queue }));

    private static string Header(BasicGetResult message, string name) =>
        Encoding.UTF8.GetString((byte[])message.BasicProperties.Headers![name]!);

    private static Task<string> SendWithAmqp10Async(BusKit bus, byte[] body) => Amqp10Client.RunAsync(
        "amqp10-sender.js",
        new
        {
            address = bus.Address, queue = BusQueues.Messages(bus.Mailbox), replyTo = BusQueues.Messages(bus.Sender),
            subject = "NPR_ORD", contentType = BusSending.ProtectedType, from = bus.Sender.Number,
            to = bus.Mailbox.Number, body,
        });
}
