using System.Net;
using System.Net.Mail;
using System.Text;
using Microsoft.Extensions.Options;

namespace Kilde.Quality.Sending;

/// <summary>Mail through an SMTP server (ADR 90).</summary>
public sealed class SmtpMail(IOptions<QualityOptions> options) : IMailPort
{
    private const int PermanentCodeMin = 500;

    public async Task SendAsync(OutgoingMail mail, CancellationToken cancellation)
    {
        var smtp = options.Value.Smtp ?? throw new InvalidOperationException("Quality:Smtp is not set.");
        using var client = new SmtpClient(smtp.Host, smtp.Port) { EnableSsl = smtp.UsesTls };
        if (smtp.User is { } user)
            client.Credentials = new NetworkCredential(user, await PasswordAsync(smtp, cancellation));
        using var message = MessageOf(mail, smtp.From);
        try
        {
            await client.SendMailAsync(message, cancellation);
        }
        catch (SmtpException failure)
        {
            // Negative when there was no answer at all.
            var code = (int)failure.StatusCode;
            if (code >= PermanentCodeMin) throw new DeliveryRefusedException($"smtp {code}");
            throw new DeliveryDelayedException(code > 0 ? $"smtp {code}" : "smtp", failure);
        }
    }

    private static MailMessage MessageOf(OutgoingMail mail, string from)
    {
        var message = new MailMessage(from, mail.To)
        {
            Subject = mail.Subject, SubjectEncoding = Encoding.UTF8, Body = mail.Body, BodyEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
        };
        message.Headers.Add("Message-ID", $"<{mail.MessageId}@{new MailAddress(from).Host}>");
        message.Headers.Add("Auto-Submitted", "auto-generated");
        if (mail.Attachment is { } file)
            message.Attachments.Add(new Attachment(new MemoryStream(file.Content), file.Name, "application/zip"));
        return message;
    }

    private static async Task<string> PasswordAsync(SmtpOptions smtp, CancellationToken cancellation) =>
        smtp.PasswordFile is { } file ? (await File.ReadAllTextAsync(file, cancellation)).Trim() : "";
}
