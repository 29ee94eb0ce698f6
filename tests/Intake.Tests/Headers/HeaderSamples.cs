using System.Xml.Linq;

namespace Kilde.Intake.Tests.Headers;

/// <summary>A header with everything that the standard allows in it.</summary>
internal static class HeaderSamples
{
    public static XDocument Full() => XDocument.Parse(
        $"""
        <MsgHead xmlns="{Envelope.Head}">
          <MsgInfo>
            <Type V="NPR_ORD" DN="Aktivitet"/>
            <MIGversion>v1.2 2006-05-24</MIGversion>
            <GenDate>2026-03-02T09:00:00.125+01:00</GenDate>
            <MsgId>abc</MsgId>
            <ProcessingStatus V="P"/>
            <RequestedPriority V="1"/>
            <Ack V="J"/>
            <ConversationRef><RefToParent>a</RefToParent><RefToConversation>b</RefToConversation></ConversationRef>
            <Sender><ComMethod V="EDI"/>{Organisation(2)}</Sender>
            <Receiver>{Organisation(1)}</Receiver>
            <OtherReceiver><RoleReceiver V="KOP"/>{Organisation(1)}</OtherReceiver>
            <OtherReceiver><ComMethod V="EDI"/><RoleReceiver V="KOP"/><Person>{Person}</Person></OtherReceiver>
            <OtherReceiver><RoleReceiver V="KOP"/></OtherReceiver>
            <Patient>{Person}</Patient>
          </MsgInfo>
          <Document>
            <DocumentConnection V="H"/>
            <ContentType V="1" S="2.16.578"/>
            <ContentDescription>x</ContentDescription>
            <ContentCategory V="1"/>
            <Consent V="1"/>
            <Annotation>x</Annotation>
            <FromDate V="2026"/>
            <ToDate V="2026-03"/>
            <OidRef>1.2.3</OidRef>
            <EnquiryRefId>x</EnquiryRefId>
            <RefDoc>
              <IssueDate V="2026-03-01"/>
              <MsgType V="XML"/>
              <Id>x</Id>
              <MimeType>text/xml</MimeType>
              <Description>x</Description>
              <Compression V="N"/>
              <Content><t:Melding xmlns:t="urn:kilde:test"/></Content>
            </RefDoc>
          </Document>
          <Document>
            <RefDoc><MsgType V="REF"/><FileReference>https://example.no/a b</FileReference></RefDoc>
          </Document>
        </MsgHead>
        """);

    private const string Ident = "<Ident><Id>1</Id><TypeId V=\"HER\" S=\"9051\" DN=\"x\" OT=\"y\"/></Ident>";
    private const string Address =
        """
        <Address><Type V="PST"/><StreetAdr>a</StreetAdr><PostalCode>0150</PostalCode><City>b</City>
        <Postbox>1</Postbox><County V="03"/><Country V="NO"/></Address>
        <TeleCom><TypeTelecom V="WP"/><TeleAddress V="tel:55555555"/></TeleCom>
        """;
    private const string Person =
        $"""
        <FamilyName>a</FamilyName><MiddleName>b</MiddleName><GivenName>c</GivenName>
        <DateOfBirth>1990-01-01</DateOfBirth><Sex V="1"/><Nationality V="NO"/>{Ident}{Address}
        """;

    private static string Organisation(int levels) =>
        $"""
        <Organisation><OrganisationName>a</OrganisationName><TypeOrganisation V="1"/>{Ident}{Ident}{Address}
        {(levels > 1 ? Organisation(levels - 1) : Professional)}</Organisation>
        """;

    private const string Professional =
        $"""
        <HealthcareProfessional><TypeHealthcareProfessional V="LE"/><RoleToPatient V="6"/>{Person}
        </HealthcareProfessional>
        """;
}
