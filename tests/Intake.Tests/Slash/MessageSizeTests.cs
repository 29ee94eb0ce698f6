using System.Net;
using System.Text;
using Kilde.Testing;
using Microsoft.AspNetCore.Builder;

namespace Kilde.Intake.Tests.Slash;

/// <summary>15 MB is the limit of what is sent, and of the message that is in it.</summary>
public class MessageSizeTests(SlashHost host) : IClassFixture<SlashHost>
{
    private const int Limit = 15 * 1024 * 1024;

    [Fact]
    public async Task A_body_of_15_MB_is_read_and_one_of_more_is_not()
    {
        var whole = await SendBodyAsync(Limit);
        var more = await SendBodyAsync(Limit + 1);

        // What is read of it is no message, and says so.
        whole.Status.ShouldBe(HttpStatusCode.BadRequest);
        new int?[] { 1006, 1009 }.ShouldContain(whole.Code);
        (more.Status, more.Code).ShouldBe((HttpStatusCode.RequestEntityTooLarge, 2009));
        more.Errors[0].ErrorMessage!.ShouldContain("Innholdet er over 15 MB");
    }

    // Base64 makes a message larger, so one that is too large itself comes in only where more is taken.
    [Fact]
    public async Task A_message_of_15_MB_is_read_and_one_of_more_is_not_however_large_bodies_may_be()
    {
        await using var node = await host.StartNodeAsync(host.Register, ("Intake:Slash:BodyMebibytesMax", "24"));

        var whole = await SendAsync(node, Limit);
        var more = await SendAsync(node, Limit + 1);

        (whole.Status, whole.Code).ShouldBe((HttpStatusCode.BadRequest, 2007));
        (more.Status, more.Code).ShouldBe((HttpStatusCode.RequestEntityTooLarge, 2009));
        more.Errors[0].ErrorMessage!.ShouldContain("Meldingen er over 15 MB");
    }

    private Task<StandardReply> SendBodyAsync(int characters) => host.NewClient().SendAsync(
        SlashHost.Message(), spoil: request => request.Body = new string('A', characters));

    private async Task<StandardReply> SendAsync(WebApplication node, int bytes)
    {
        var client = host.NewClient();
        var request = await client.PrepareAsync(Encoding.ASCII.GetBytes(new string(' ', bytes)), "HST_Avtale");
        request.Target = new Uri(new Uri(node.Urls.Single()), "message");
        request.Claims["htu"] = request.Target.AbsoluteUri;
        return await client.PostAsync(request);
    }
}
