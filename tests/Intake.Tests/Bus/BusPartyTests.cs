using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kilde.Intake.Bus;
using Kilde.Intake.Parties;
using Kilde.Intake.Tests.Headers;
using Kilde.Intake.Tests.Kit;
using Kilde.Kernel;
using Kilde.Testing;

namespace Kilde.Intake.Tests.Bus;

/// <summary>What the party register says of the parties that a header names, and of our own certificates.</summary>
public sealed class BusPartyTests(PostgresServer postgres, RabbitServer rabbit)
{
    private static readonly DateTimeOffset Expiry = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

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

    [Fact]
    public async Task An_address_counts_from_its_first_moment_to_its_last_second()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        var start = bus.Intake.Intake.Clock.GetUtcNow();
        var end = start.AddHours(1);
        await bus.RegisterAsync(new Party(
            bus.Sender, "Testsund", Unit: Messages.UnitA, ValidFrom: start.AddSeconds(1), ValidTo: end));
        Task<string?> SendAsync(int number) => FaultAsync(bus, bus.Envelope with
        {
            MessageId = $"m{number}", Payload = PlainXml.Message($"<R id=\"{number}\" v=\"1\"/>"),
        });

        (await SendAsync(1)).ShouldBe("transport:invalid-field-value");
        bus.Intake.Intake.Clock.Advance(TimeSpan.FromSeconds(1));
        (await SendAsync(2)).ShouldBeNull();
        bus.Intake.Intake.Clock.Advance(end - bus.Intake.Intake.Clock.GetUtcNow());
        (await SendAsync(3)).ShouldBe("transport:invalid-field-value");

        (await bus.Intake.Intake.OneAsync<long>(
            "select count(*) from intake.submission where channel = 'amqp' and state = 'rejected'")).ShouldBe(2);
    }

    [Fact]
    public async Task A_mailbox_of_ours_that_has_moved_tells_so()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        var now = bus.Intake.Intake.Clock.GetUtcNow();
        await bus.RegisterAsync(new Party(bus.Mailbox, "NPR", IsOwn: true, ValidTo: now));
        await bus.SendAsync(bus.Seal(bus.Envelope));
        await bus.ReadAllAsync();

        var error = (await bus.TakeAsync(BusQueues.Errors(bus.Sender))).ShouldNotBeNull();
        Encoding.UTF8.GetString((byte[])error.BasicProperties.Headers!["errorDescription"]!)
            .ShouldContain("Bruk den nye");
        (await bus.CountAsync(BusQueues.Messages(bus.Mailbox))).ShouldBe(0u);
    }

    [Fact]
    public async Task An_address_does_not_end_before_it_begins()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        var now = bus.Intake.Intake.Clock.GetUtcNow();

        await Should.ThrowAsync<ArgumentException>(() => bus.RegisterAsync(new Party(
            bus.Sender, "Testsund", Unit: Messages.UnitA, ValidFrom: now, ValidTo: now)));
    }

    [Fact]
    public async Task Certificates_from_an_issuer_open_and_sign_and_the_older_one_still_opens()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        using var key = RSA.Create(2_048);
        using var issued = Issued(key);
        foreach (var usage in Enum.GetValues<CertificateUsage>())
        {
            await bus.NewCertificates().RegisterOwnAsync(
                bus.Mailbox, usage, issued, key, from: null, XmlIntake.Ground, TestIntake.Cancellation);
        }

        (await FaultAsync(bus, bus.Envelope)).ShouldBeNull();
        var other = bus.Envelope with
        {
            MessageId = "melding-2", Payload = PlainXml.Message("<R id=\"2\" v=\"1\"/>"),
        };
        await bus.SendAsync(MessageProtection.Seal(other.ToBytes(), bus.SenderCertificate, issued));
        await bus.ReadAllAsync();
        await bus.Intake.JudgeAllAsync();

        (await bus.ReceiptsAsync()).Count.ShouldBe(2);
        (await bus.Intake.Parties.FindAsync(bus.Mailbox, TestIntake.Cancellation))!
            .Current(CertificateUsage.Sign, bus.Intake.Intake.Clock.GetUtcNow())!.Certificate.Thumbprint
            .ShouldBe(issued.Thumbprint);
    }

    [Fact]
    public async Task A_certificate_of_ours_without_its_key_is_refused_and_ends_nothing()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        foreach (var usage in Enum.GetValues<CertificateUsage>())
        {
            await Should.ThrowAsync<ArgumentException>(() => bus.NewCertificates().RegisterAsync(
                bus.Mailbox, usage, Certificates.New("Utstedt"), from: null, to: null, XmlIntake.Ground,
                TestIntake.Cancellation));
        }

        (await FaultAsync(bus, bus.Envelope)).ShouldBeNull();
        await bus.Intake.JudgeAllAsync();
        (await bus.ReceiptsAsync()).Count.ShouldBe(1);
    }

    // Registered so before it was refused.
    [Fact]
    public async Task A_certificate_of_ours_that_has_no_key_counts_for_nothing()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        var now = bus.Intake.Intake.Clock.GetUtcNow();
        var mailbox = (await bus.Intake.Parties.FindAsync(bus.Mailbox, TestIntake.Cancellation))!;
        var keyless = X509CertificateLoader.LoadCertificate(Certificates.New("Utstedt").RawData);

        var with = mailbox with
        {
            Certificates =
            [
                .. mailbox.Certificates,
                Certificates.For(bus.Mailbox.Number, CertificateUsage.Sign, keyless, from: now, to: Expiry),
            ],
        };

        with.Current(CertificateUsage.Sign, now)!.Certificate.HasPrivateKey.ShouldBeTrue();
    }

    [Fact]
    public async Task A_key_is_taken_with_its_own_certificate_only_and_for_our_mailboxes_only()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        using var key = RSA.Create(2_048);
        using var other = RSA.Create(2_048);
        using var issued = Issued(key);
        Task<PartyCertificate> RegisterAsync(HerId party, RSA with) => bus.NewCertificates().RegisterOwnAsync(
            party, CertificateUsage.Encrypt, issued, with, from: null, XmlIntake.Ground, TestIntake.Cancellation);

        await Should.ThrowAsync<ArgumentException>(() => RegisterAsync(bus.Mailbox, other));
        await Should.ThrowAsync<ArgumentException>(() => RegisterAsync(bus.Sender, key));
        await Should.NotThrowAsync(() => RegisterAsync(bus.Mailbox, key));
    }

    [Fact]
    public void A_key_is_read_as_issuers_hand_it_out()
    {
        using var key = RSA.Create(2_048);
        var sealedKey = key.ExportEncryptedPkcs8PrivateKeyPem(
            "åpne".AsSpan(),
            new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, iterationCount: 1_000));
        var number = key.ExportSubjectPublicKeyInfo();

        foreach (var pem in (string[])[key.ExportPkcs8PrivateKeyPem(), key.ExportRSAPrivateKeyPem()])
        {
            using var read = PrivateKeyPem.Read(pem, passphrase: null);
            read.ExportSubjectPublicKeyInfo().ShouldBe(number);
        }

        using var opened = PrivateKeyPem.Read(sealedKey, "åpne");
        opened.ExportSubjectPublicKeyInfo().ShouldBe(number);
        Should.Throw<ArgumentException>(() => PrivateKeyPem.Read(sealedKey, passphrase: null));
        Should.Throw<CryptographicException>(() => PrivateKeyPem.Read(sealedKey, "feil"));
        Should.Throw<ArgumentException>(() => PrivateKeyPem.Read(key.ExportSubjectPublicKeyInfoPem(), null));
        Should.Throw<ArgumentException>(() => PrivateKeyPem.Read("ikke en nøkkel", null));
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

    private static X509Certificate2 Issued(RSA key)
    {
        using var issuerKey = RSA.Create(2_048);
        var request = new CertificateRequest(
            "CN=Utsteder, O=Utsteder AS, C=NO", issuerKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        using var issuer = request.CreateSelfSigned(Certificates.From, Certificates.To);
        return new CertificateRequest(
            "CN=FHI, O=Folkehelseinstituttet, C=NO", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .Create(issuer, Certificates.From, Certificates.To, [1, 2, 3, 4]);
    }
}
