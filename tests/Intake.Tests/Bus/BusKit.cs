using System.Security.Cryptography.X509Certificates;
using Kilde.Intake.Bus;
using Kilde.Intake.Headers;
using Kilde.Intake.Judging;
using Kilde.Intake.Parties;
using Kilde.Intake.Tests.Headers;
using Kilde.Intake.Tests.Kit;
using Kilde.Kernel;
using Kilde.Testing;
using RabbitMQ.Client;

namespace Kilde.Intake.Tests.Bus;

/// <summary>Intake on a real bus: our mailbox and one sender, with HER-ids and so queues of the test's own.</summary>
internal sealed class BusKit : IAsyncDisposable
{
    private readonly Microsoft.Extensions.Options.IOptions<BusOptions> _options;
    private readonly BusConnection _connection;

    private BusKit(
        XmlIntake intake, Uri address, Func<int> nextHerId, double retrySeconds, bool makesQueuesOfOthers)
    {
        Intake = intake;
        Address = address;
        _options = Microsoft.Extensions.Options.Options.Create(new BusOptions
        {
            Address = address, RetrySeconds = retrySeconds, MakesQueuesOfOthers = makesQueuesOfOthers,
            MessageMebibytesMax = 1,
        });
        _connection = new BusConnection(_options);
        (Mailbox, Sender) = (Her(nextHerId()), Her(nextHerId()));
        var databases = intake.Intake.Databases;
        Receive = new ReceiveBusMessage(
            databases.Register, intake.Parties, intake.Intake.Log,
            new StoreXml(intake.Intake.Log, PlainXml.Formats, intake.Intake.Clock), intake.Intake.Clock, _options,
            Told);
        Queues = NewNode();
        Receipts = new SendReceipts(
            databases.Register, _connection, intake.Parties, intake.Intake.Clock, ToldByReceipts);
    }

    public XmlIntake Intake { get; }

    public Uri Address { get; }

    public HerId Mailbox { get; }

    public HerId Sender { get; }

    public X509Certificate2 SenderCertificate { get; } = Certificates.New("Avsender");

    public X509Certificate2 MailboxCertificate { get; private set; } = null!;

    public ReceiveBusMessage Receive { get; }

    /// <summary>What receiving has written to the log.</summary>
    public ToldLog<ReceiveBusMessage> Told { get; } = new();

    /// <summary>What reading the queues has written to the log.</summary>
    public ToldLog<ReadQueues> ToldByQueues { get; } = new();

    public ReadQueues Queues { get; }

    public SendReceipts Receipts { get; }

    /// <summary>What sending receipts has written to the log.</summary>
    public ToldLog<SendReceipts> ToldByReceipts { get; } = new();

    public IChannel Channel { get; private set; } = null!;

    public Envelope Envelope => new()
    {
        SenderOrganisation = Sender.Number, SenderUnit = null, ReceiverOrganisation = 1,
        ReceiverUnit = Mailbox.Number, Payload = PlainXml.Message("<R id=\"1\" v=\"10\"/>"),
    };

    public static async Task<BusKit> StartAsync(
        PostgresServer postgres, RabbitServer rabbit, double retrySeconds = 0, bool makesQueuesOfOthers = true) =>
        await StartAsync(
            postgres, await rabbit.AddressAsync(), rabbit.NextHerId, retrySeconds, makesQueuesOfOthers);

    /// <param name="address">A server that the test has to itself, or shares.</param>
    public static async Task<BusKit> StartAsync(
        PostgresServer postgres, Uri address, Func<int> nextHerId, double retrySeconds = 0,
        bool makesQueuesOfOthers = true)
    {
        var kit = new BusKit(
            await XmlIntake.StartAsync(postgres), address, nextHerId, retrySeconds, makesQueuesOfOthers);
        await kit.RegisterAsync();
        kit.Channel = await kit._connection.OpenChannelAsync(TestIntake.Cancellation);
        await kit.Queues.StepAsync(TestIntake.Cancellation);
        return kit;
    }

    public byte[] Seal(Envelope envelope) =>
        MessageProtection.Seal(envelope.ToBytes(), SenderCertificate, MailboxCertificate);

    /// <summary>Sends as a sound sender does, but for what the test changes.</summary>
    public ValueTask SendAsync(
        byte[] body, Action<BasicProperties>? change = null)
    {
        var properties = new BasicProperties
        {
            Persistent = true, MessageId = "melding-1", CorrelationId = "melding-1", Type = "NPR_ORD",
            ContentType = BusSending.ProtectedType, ReplyTo = BusQueues.Messages(Sender),
            Headers = new Dictionary<string, object?>
            {
                ["x-amqp-1.0-subject"] = "NPR_ORD", ["fromHerId"] = Sender.Number, ["toHerId"] = Mailbox.Number,
                ["applicationTimeStamp"] = "2026-03-02T08:00:00.0000000Z",
            },
        };
        change?.Invoke(properties);
        return Channel.BasicPublishAsync(
            "", BusQueues.Messages(Mailbox), mandatory: true, properties, body, TestIntake.Cancellation);
    }

    public async Task ReadAllAsync()
    {
        while (await Queues.StepAsync(TestIntake.Cancellation))
        {
        }
    }

    /// <summary>A node that has read nothing yet.</summary>
    public ReadQueues NewNode() => new(
        _connection, Intake.Parties, Receive, new AttemptLog(Intake.Intake.Databases.Register, Intake.Intake.Clock),
        Intake.Intake.Clock, _options, ToldByQueues);

    /// <summary>Takes a message, and loses the channel that holds it: the server puts it back.</summary>
    public async Task HoldAndLoseAsync(string queue)
    {
        BasicGetResult? held = null;
        await using (var channel = await _connection.OpenChannelAsync(TestIntake.Cancellation))
        {
            while (held is null) held = await channel.BasicGetAsync(queue, autoAck: false, TestIntake.Cancellation);
        }
    }

    public Task<BasicGetResult?> TakeAsync(string queue) =>
        Channel.BasicGetAsync(queue, autoAck: true, TestIntake.Cancellation);

    /// <summary>Opens a receipt in the sender's way: by its own key, and our certificate for signing.</summary>
    public async Task<ApplicationReceipt> OpenAsync(BusMessage message)
    {
        var mailbox = (await Intake.Parties.FindAsync(Mailbox, TestIntake.Cancellation))!;
        var sender = Certificates.Party(
            Sender.Number, Certificates.For(Sender.Number, CertificateUsage.Encrypt, SenderCertificate));
        var opened = MessageProtection.Open(message.Body.Span, sender, mailbox, Intake.Intake.Clock.GetUtcNow());
        return AppRecReader.Read(opened.Content.ShouldNotBeNull()).ShouldNotBeNull();
    }

    public RegisterCertificate NewCertificates() => new(
        Intake.Intake.Databases.Register, Intake.Intake.Audit, Intake.Intake.Keys, Intake.Intake.Clock);

    public Task RegisterAsync(Party party) =>
        new RegisterParty(Intake.Intake.Databases.Register, Intake.Intake.Audit, Intake.Intake.Clock)
            .RegisterAsync(party, XmlIntake.Ground, TestIntake.Cancellation);

    /// <summary>The receipts that are due, sent and opened.</summary>
    public async Task<IReadOnlyList<ApplicationReceipt>> ReceiptsAsync()
    {
        while (await Receipts.StepAsync(TestIntake.Cancellation))
        {
        }

        var receipts = new List<ApplicationReceipt>();
        while (await TakeAsync(BusQueues.Messages(Sender)) is { } message)
            receipts.Add(await OpenAsync(BusMessage.Of(message.BasicProperties, message.Body)));
        return receipts;
    }

    public Task<uint> CountAsync(string queue) => Channel.MessageCountAsync(queue, TestIntake.Cancellation);

    public async ValueTask DisposeAsync()
    {
        await Channel.DisposeAsync();
        await Queues.DisposeAsync();
        await Receipts.DisposeAsync();
        await _connection.DisposeAsync();
        await Intake.DisposeAsync();
    }

    private async Task RegisterAsync()
    {
        var certificates = NewCertificates();
        Party[] all =
        [
            new(Mailbox, "NPR", IsOwn: true),
            new(Sender, "Testsund", Unit: Messages.UnitA, ReceiptVersion: AppRecVersion.V11),
        ];
        foreach (var party in all) await RegisterAsync(party);
        foreach (var usage in Enum.GetValues<CertificateUsage>())
        {
            var own = await certificates.MakeOwnAsync(
                Mailbox, usage, TimeSpan.FromDays(30), XmlIntake.Ground, TestIntake.Cancellation);
            if (usage == CertificateUsage.Encrypt) MailboxCertificate = own.Certificate;
            await certificates.RegisterAsync(
                Sender, usage, SenderCertificate, from: null, to: null, XmlIntake.Ground, TestIntake.Cancellation);
        }
    }

    private static HerId Her(int number) => HerId.Parse(number.ToString());
}
